import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Schedule, schedules } from "./commands.js";
import found from "./found-schedules.json" with { type: "json" };
import type { ModelBackend } from "./model-kind.js";
import { useQuickTimers } from "./quick-timers.js";
import { runSchedule } from "./run-schedule.js";

/** How many schedules are played: here, and when SESSION_TEST_SCALE is "nightly". */
export interface Scale {
  readonly quick: number;
  readonly nightly: number;
}

/**
 * Registers the concurrency model on a backend: two to four actors on one session, interleaved at every call of the
 * backend. A failure names the seed and the path, and prints the smallest schedule that fails: keep it in
 * found-schedules.json.
 */
export function modelSuite(name: string, make: () => ModelBackend, scale: Scale): void {
  const runs = process.env["SESSION_TEST_SCALE"] === "nightly" ? scale.nightly : scale.quick;
  describe(`${name} keeps its promises when requests race`, () => {
    let restore: () => void;
    beforeAll(() => {
      restore = useQuickTimers();
    });
    afterAll(() => restore());

    test(`in schedules that were found`, async () => {
      for (const schedule of found as readonly Schedule[]) await runSchedule(make(), schedule);
    });

    test(`in ${runs} random schedules`, { timeout: 120_000 + runs * 20 }, async () => {
      await fc.assert(
        fc.asyncProperty(schedules, (schedule) => runSchedule(make(), schedule)),
        { numRuns: runs },
      );
    });
  });
}

/** How a backend is found to be wrong: the model's complaint, within so many schedules; `null` when there is none. */
export async function findFault(
  make: () => ModelBackend,
  runs: number,
  seed: number,
): Promise<string | null> {
  const restore = useQuickTimers();
  try {
    const property = fc.asyncProperty(schedules, (schedule) => runSchedule(make(), schedule));
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true });
    return result.failed ? String(result.errorInstance) : null;
  } finally {
    restore();
  }
}
