/**
 * Gives one session after the other a life of a few saves, a new key and, every other one, an end:
 * `live-until-killed.ts PLACE URL FIRST_USER`. Says `WORD USER KEY SUM` before each step and after it.
 */
import { writeSync } from "node:fs";
import { openOver } from "../../runtime/fixture/open.js";
import { isPlaceName, openPlace } from "../faults/place.js";

const [place = "", url = "", first = "0"] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const { sessions } = openOver(openPlace(place, url), { clock: Date.now });

for (let userId = Number(first); ; userId += 1) {
  const session = sessions.create({ userId, points: 0n });
  const say = (word: string): void =>
    void writeSync(1, `${word} ${userId} ${session.key} ${session.points}\n`);
  await session.save();
  say("done");
  for (let time = 0; time < 3; time += 1) {
    session.points += 1n;
    say("saving");
    await session.save();
    say("done");
  }
  say("moving");
  await session.cycleKey();
  say("done");
  if (userId % 2 === 1) continue;
  writeSync(1, `ending ${userId} ${session.key} ${session.points}\n`);
  await session.destroy();
  writeSync(1, `ended ${userId} - 0\n`);
}
