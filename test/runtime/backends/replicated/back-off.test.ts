import { afterEach, describe, expect, test, vi } from "vitest";
import { createBackOff } from "../../../../runtime/backends/replicated/back-off.js";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, openSides } from "./two-sides.js";

const retry = { attempts: 3, delay: 0.004, maxDelay: 0.012 } as const;

describe("the wait before another try", () => {
  test("doubles up to the longest, and is somewhere between half and the whole of that", () => {
    const [least, most] = [0, 1].map((number) => createBackOff(retry, () => number));
    const failures = [1, 2, 3, 9, 1000];
    expect(failures.map((count) => most?.delayAfter(count))).toEqual([4, 8, 12, 12, 12]);
    expect(failures.map((count) => least?.delayAfter(count))).toEqual([2, 4, 6, 6, 6]);
  });

  test("is 50 ms at first, a second at most, and three tries are made, unless told otherwise", () => {
    const { attempts, delayAfter } = createBackOff({}, () => 1);
    expect([attempts, delayAfter(1), delayAfter(2), delayAfter(99)]).toEqual([3, 50, 100, 1000]);
  });
});

describe.each(["async", "sync", "acknowledged"] as const)("a copy that fails, %s", (mode) => {
  let sides: ReturnType<typeof openSides>;
  afterEach(async () => {
    await sides.close();
    vi.restoreAllMocks();
  });

  test("is tried three times before anyone is told, and on and on behind, ever more seldom", async () => {
    sides = openSides({ mode, retry, deadline: 10, random: () => 1 });
    const backend = sides.open();
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    let tries = 0;
    fail(sides.secondaryPlan, () => {
      tries += 1;
      return "reject";
    });
    const timers = vi.spyOn(globalThis, "setTimeout");
    const waits = (): readonly unknown[] =>
      timers.mock.calls.map(([, wait]) => wait).filter((wait) => wait === 4 || wait === 8 || wait === 12);
    const saved = backend.save(nextOf(record));
    if (mode === "async") expect(await saved).toBe(true);
    else {
      await expect(saved).rejects.toMatchObject({ code: "unavailable" });
      expect([tries, waits().slice(0, 2)]).toEqual([3, [4, 8]]);
    }
    await expect.poll(() => sides.warnings.length).toBe(1);
    await expect.poll(waits).toContain(12);
    expect(tries).toBeGreaterThanOrEqual(3);
    heal(sides.secondaryPlan);
    expect(await backend.drain()).toBe(true);
    expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
  });
});
