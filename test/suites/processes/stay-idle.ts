/**
 * Holds connections to a place without using them: `stay-idle.ts PLACE URL`. Says a line once it has some; asks for a
 * record whenever it is told a line, and says how many milliseconds it took until it was answered.
 */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { isPlaceName, openPlace } from "../faults/place.js";

const [place = "", url = ""] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const own = openPlace(place, url);
const backend = withDeadline(own, 1000);
await Promise.all(Array.from({ length: 10 }, (_, number) => own.exists(`any-${number}`)));
process.stdout.write("ready\n");

for await (const _line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  while (
    !(await backend.exists("any").then(
      () => true,
      () => false,
    ))
  )
    await pause(20);
  process.stdout.write(`${Math.round(performance.now() - start)}\n`);
}
await own.close?.();
