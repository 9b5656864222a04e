/**
 * Writes to sessions that another process ends: `race-logouts.ts PLACE URL FIRST_RIVAL`. Each line on its input is keys
 * parted by blanks, whose sessions it loads before it says a line; told one more, it does to each what a rival does, and
 * says the keys that it was left with.
 */
import { createInterface } from "node:readline";
import { mustLoad, openOver } from "../../runtime/fixture/open.js";
import { isPlaceName, openPlace } from "../faults/place.js";
import { rivals } from "../faults/rivals.js";

const [place = "", url = "", first = ""] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const backend = openPlace(place, url);
const { sessions } = openOver(backend, { clock: Date.now, deadline: "20s" });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let round = Number(first);
let loaded: Awaited<ReturnType<typeof mustLoad>>[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "go") {
    loaded = await Promise.all(line.split(" ").map((key) => mustLoad(sessions, key)));
    say("loaded");
    continue;
  }
  round += 1;
  await Promise.all(
    loaded.map((session, number) =>
      rivals[(round + number) % rivals.length]?.(session, sessions).catch(expectEnded),
    ),
  );
  say(loaded.map(({ key }) => key ?? "-").join(" "));
}
await backend.close?.();

function expectEnded(error: unknown): void {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "gone" && code !== "conflict") throw error;
}
