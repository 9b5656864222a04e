import { afterEach, expect, test, vi } from "vitest";
import type { DatabaseDialect } from "../../../runtime/backends/database/dialect.js";
import { sweepInSteps } from "../../../runtime/backends/database/sweep.js";

/** The usual deadline of a call, in milliseconds. */
const deadline = 2_000;

afterEach(() => {
  vi.useRealTimers();
});

const dialects = ["plain", "lock first"] as const;

/** How long a sweep of more than there is time for takes, when a step of it takes so many milliseconds. */
async function sweepFor(sweeping: (typeof dialects)[number], step: number) {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  const dialect = { sweeping } as DatabaseDialect;
  const begin = performance.now();
  let steps = 0;
  const sweep = sweepInSteps(dialect, 100_000, async (size) => {
    steps += 1;
    await new Promise((resolve) => setTimeout(resolve, step));
    return size;
  });
  const took = sweep.then((deleted) => ({ deleted, took: performance.now() - begin }));
  await vi.runAllTimersAsync();
  return { steps, ...(await took) };
}

test.each(dialects)("a sweep of kind %s is in time, however long a step takes", async (sweeping) => {
  for (const step of [1, 50, 199, 301, 590, 601, 900]) {
    const { deleted, took } = await sweepFor(sweeping, step);
    expect(deleted, `${step} ms a step`).toBeGreaterThan(0);
    expect(took, `${step} ms a step`).toBeLessThan(deadline);
  }
});

test("a sweep of a server rests as long as it works, while there is time", async () => {
  const { steps, took } = await sweepFor("lock first", 10);
  expect(steps).toBeLessThanOrEqual(took / 20 + 1);
});
