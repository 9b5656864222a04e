import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { fakeClock } from "../../runtime/testing/clock.js";
import { recordOf } from "./copied-records.js";
import { createSessions } from "./fixture/generated/index.js";

const clock = fakeClock();
let batches: number[];
let warnings: string[];
/** What deletes, instead of memory; `undefined` lets memory do it. */
let instead: (() => Promise<number>) | undefined;

function open() {
  const memory = createMemoryBackend({ clock: () => 0 });
  const { sweep } = memory.abilities;
  const backend = {
    ...memory,
    abilities: {
      ...memory.abilities,
      sweep: {
        deleteExpired: async (now: number, limit: number) => {
          const deleted = instead === undefined ? await sweep.deleteExpired(now, limit) : await instead();
          batches.push(deleted);
          return deleted;
        },
      },
    },
  };
  const logger = { warn: (message: string) => void warnings.push(message) };
  return { memory, backend, sessions: createSessions({ backend, clock, logger }) };
}

async function expire(memory: ReturnType<typeof open>["memory"], count: number): Promise<void> {
  for (let made = 0; made < count; made++) {
    await memory.create(recordOf(`over${crypto.randomUUID()}`, { expiresAt: clock() - 1 }));
  }
}

/** Lets what is under way come to its next pause. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  [batches, warnings, instead] = [[], [], undefined];
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("deletes in batches, lets other work run in between, and leaves what lives", async () => {
  const { memory, sessions } = open();
  await expire(memory, 25);
  await memory.create(recordOf("alive", { expiresAt: clock() + 1 }));
  let others = 0;
  const between = (): void => {
    others += 1;
    if (batches.length < 3) setImmediate(between);
  };
  setImmediate(between);
  expect(await sessions.cleanupExpired({ batchSize: 10 })).toBe(25);
  expect(batches).toEqual([10, 10, 5, 0]);
  expect(others).toBeGreaterThan(1);
  expect(await memory.exists("alive")).toBe(true);
  await expect(sessions.cleanupExpired({ batchSize: 0 })).rejects.toMatchObject({ code: "invalid" });
});

test("cleans now and then, a fifth earlier or later, until it is stopped", async () => {
  const { memory, sessions } = open();
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  await expire(memory, 3);
  const stop = sessions.startCleanup({ every: "10m" });
  await vi.advanceTimersByTimeAsync(8 * 60_000 - 1);
  expect(batches).toEqual([]);
  random.mockReturnValue(1);
  await vi.advanceTimersByTimeAsync(1);
  await settle();
  expect(batches).toEqual([3, 0]);
  await vi.advanceTimersByTimeAsync(12 * 60_000 - 1);
  expect(batches).toEqual([3, 0]);
  await vi.advanceTimersByTimeAsync(1);
  await settle();
  expect(batches).toEqual([3, 0, 0]);
  stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(batches).toEqual([3, 0, 0]);
});

test("a run that takes longer than the interval is not overtaken by the next", async () => {
  let finish = (): void => {};
  instead = () =>
    new Promise((resolve) => {
      finish = () => resolve(0);
    });
  const backend = open();
  const stop = backend.sessions.startCleanup({ every: 1 });
  const spy = vi.fn(instead);
  instead = spy;
  // The deadline of the call is two seconds of the same clock, so the run stays within it.
  await vi.advanceTimersByTimeAsync(1200);
  expect(spy).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1500);
  expect(spy).toHaveBeenCalledTimes(1);
  finish();
  await vi.advanceTimersByTimeAsync(1200);
  expect(spy).toHaveBeenCalledTimes(2);
  stop();
});

test("stopped in the middle, it ends after the batch at hand", async () => {
  const { sessions } = open();
  let stop = (): void => {};
  instead = async () => {
    stop();
    return 1000;
  };
  stop = sessions.startCleanup({ every: 1 });
  await vi.advanceTimersByTimeAsync(1200);
  await settle();
  expect(batches).toEqual([1000]);
});

test("a failure is told and tried again; what cannot be an interval is refused", async () => {
  const { sessions } = open();
  instead = () => Promise.reject(new Error("down"));
  const stop = sessions.startCleanup({ every: 1 });
  await vi.advanceTimersByTimeAsync(1200);
  await settle();
  instead = async () => 0;
  await vi.advanceTimersByTimeAsync(1200);
  await settle();
  stop();
  expect(warnings).toEqual([expect.stringContaining("could not be deleted; they will be tried again")]);
  expect(batches).toEqual([0]);
  expect(() => sessions.startCleanup({ every: 0 })).toThrow("every must be a duration");
});

test("a logger that throws neither ends the process nor the clean-up", async () => {
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  const { backend } = open();
  const logger = {
    warn: () => {
      throw new Error("the disk of the log is full");
    },
  };
  const stop = createSessions({ backend, clock, logger }).startCleanup({ every: 1 });
  instead = () => Promise.reject(new Error("down"));
  await vi.advanceTimersByTimeAsync(1200);
  await settle();
  instead = async () => 0;
  await vi.advanceTimersByTimeAsync(1200);
  await settle();
  stop();
  process.off("unhandledRejection", unheard);
  expect([unheard.mock.calls, batches]).toEqual([[], [0]]);
});

test("its timer keeps no process alive", () => {
  const start = vi.spyOn(globalThis, "setTimeout");
  const stop = open().sessions.startCleanup({ every: "1h" });
  const [timer] = start.mock.results.map(({ value }) => value);
  expect(timer.hasRef()).toBe(false);
  stop();
});
