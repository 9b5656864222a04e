import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly, patience } from "../../suites/faults/scale.js";
import { useQuickTimers } from "../../suites/model/quick-timers.js";
import { runStorm } from "../../suites/storm/run-storm.js";
import { type Step, storms } from "../../suites/storm/storm-plan.js";

const runs = isNightly ? 40_000 : 150;

let restore: () => void;
beforeAll(() => {
  restore = useQuickTimers();
});
afterAll(() => restore());

test(
  `in ${runs} storms of requests with old and new keys, of which any may die, fail or sleep anywhere, one key works or none`,
  () => fc.assert(fc.asyncProperty(storms, runStorm), { numRuns: runs }),
  patience,
);

const none = { fate: null, seconds: 0, wakes: false } as const;

/** Each was a fault once. */
const found: Readonly<Record<string, readonly Step[]>> = {
  "a logout after a periodic change of key that has failed and a login that has died": [
    { ...none, deed: "load", key: 0, seconds: 61 },
    { ...none, deed: "request", key: 0, fate: { how: "fails", at: 4, isDone: false }, wakes: true },
    { ...none, deed: "log in", key: 0, fate: { how: "dies", at: 5, isDone: false } },
    { ...none, deed: "delete", key: 1 },
    { ...none, deed: "load", key: 0 },
  ],
  "a logout that fails in the middle of a login that has failed": [
    { ...none, deed: "log in", key: 0, fate: { how: "fails", at: 3, isDone: true } },
    { ...none, deed: "delete", key: 0, fate: { how: "dies", at: 2, isDone: true } },
  ],
};

test.each(Object.entries(found))("nothing is left of %s", async (_name, steps) => {
  await expect(runStorm(steps)).resolves.toBeUndefined();
});
