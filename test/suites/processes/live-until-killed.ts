/**
 * Gives one session after the other a life of a few saves, a new key and, every other one, an end:
 * `live-until-killed.ts PLACE URL FIRST_USER`. Says `WORD USER KEY SUM` before each step and after it.
 */
import { openOver } from "../../runtime/fixture/open.js";
import { isPlaceName, openPlace } from "../faults/place.js";
import { say } from "./say.js";

const [place = "", url = "", first = "0"] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const { sessions } = openOver(openPlace(place, url), { clock: Date.now });

for (let userId = Number(first); ; userId += 1) {
  const session = sessions.create({ userId, points: 0n });
  const tell = (word: string): void => say(`${word} ${userId} ${session.key} ${session.points}`);
  await session.save();
  tell("done");
  for (let time = 0; time < 3; time += 1) {
    session.points += 1n;
    tell("saving");
    await session.save();
    tell("done");
  }
  tell("moving");
  await session.cycleKey();
  tell("done");
  if (userId % 2 === 1) continue;
  tell("ending");
  await session.destroy();
  say(`ended ${userId} - 0`);
}
