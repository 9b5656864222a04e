import { stat } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import { failingBackend } from "../../../runtime/testing/failing-backend.js";
import { testBackend } from "../../../runtime/testing/test-backend.js";
import type { CallOptions, SessionBackend } from "../../../runtime/types/backend.js";

const unhandled: unknown[] = [];
const remember = (reason: unknown): void => {
  unhandled.push(reason);
};

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", remember);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  process.off("unhandledRejection", remember);
  expect(unhandled).toEqual([]);
});

test("is the backend, abilities included, and leaves no timer behind", async () => {
  const make = (): SessionBackend => withDeadline(createMemoryBackend(), 1000);
  await testBackend(make, { abilities: ["find", "list", "scan", "sweep", "limit"] });
  const before = vi.getTimerCount();
  const backend = make();
  await backend.load("none");
  expect([vi.getTimerCount(), backend.atomicity, backend.place]).toEqual([before, "store", "memory"]);
});

test("has no ability that the backend has not", () => {
  const { find } = createMemoryBackend().abilities;
  const backend: SessionBackend = { ...createMemoryBackend(), abilities: { find } };
  expect(Object.keys(withDeadline(backend, 1000).abilities)).toEqual(["find"]);
});

test("rejects with timeout at the deadline, not before", async () => {
  const backend = withDeadline(failingBackend(createMemoryBackend(), { load: "hang", find: "hang" }), 2000);
  const calls = [
    () => backend.load("secret id"),
    () => backend.abilities.find.find({ field: "label", value: "secret", limit: 1 }),
  ];
  for (const call of calls) {
    const settled = vi.fn();
    const outcome = call()
      .catch((error: unknown) => error)
      .finally(settled);
    await vi.advanceTimersByTimeAsync(1999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const error = await outcome;
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ code: "timeout", details: { milliseconds: 2000 } });
    expect(String(error)).not.toContain("secret");
  }
});

test("makes a signal when the backend reads it, and aborts it at the deadline", async () => {
  const seen: AbortSignal[] = [];
  let late: CallOptions | undefined;
  const backend = withDeadline(
    hanging((options) => {
      late = options;
      if (options?.signal) seen.push(options.signal);
    }),
    50,
  );
  const outcome = expect(backend.load("one")).rejects.toMatchObject({ code: "timeout" });
  expect(seen[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(50);
  await outcome;
  expect(seen[0]?.aborted).toBe(true);
  expect(late?.signal?.aborted).toBe(true);
});

test("aborts the signal also when the caller's is", async () => {
  let signal: AbortSignal | undefined;
  const caller = new AbortController();
  const backend = withDeadline(
    hanging((options) => {
      signal = options?.signal;
    }),
    50,
  );
  const outcome = expect(backend.load("one", { signal: caller.signal })).rejects.toMatchObject({
    code: "timeout",
  });
  caller.abort();
  expect(signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(50);
  await outcome;
});

test("turns what a driver throws into unavailable, with its cause, and leaves a SessionError as it is", async () => {
  const broken = new Error("ECONNREFUSED");
  const own = new SessionError("config", "no table");
  const plan = { load: [{ reject: broken }, { reject: own }] };
  const backend = withDeadline(failingBackend(createMemoryBackend(), plan), 50);
  await expect(backend.load("one")).rejects.toMatchObject({ code: "unavailable", cause: broken });
  await expect(backend.load("one")).rejects.toBe(own);
  const throwing = withDeadline(throwsAtOnce(broken), 50);
  await expect(throwing.load("one")).rejects.toMatchObject({ code: "unavailable", cause: broken });
  expect(vi.getTimerCount()).toBe(0);
});

test("a rejection after the deadline is not unhandled", async () => {
  const slow = failingBackend(throwsAtOnce(new Error("late")), { load: { delay: 100 } });
  const outcome = expect(withDeadline(slow, 50).load("one")).rejects.toMatchObject({ code: "timeout" });
  await vi.advanceTimersByTimeAsync(50);
  await outcome;
  await vi.advanceTimersByTimeAsync(100);
});

test("hears first what was answered while the process was busy, in several steps too; and gives up on what was not", async () => {
  vi.useRealTimers();
  const memory = createMemoryBackend();
  const inSteps = (steps: number): SessionBackend => ({
    ...memory,
    load: async (id) => {
      for (let step = 0; step < steps; step += 1) await stat(".");
      return memory.load(id);
    },
  });
  const backends = [inSteps(1), inSteps(5), hanging(() => {})];
  const outcomes = Promise.allSettled(backends.map((backend) => withDeadline(backend, 400).load("one")));
  await nextTurn();
  // At the place from which the event loop goes on to its timers.
  const end = performance.now() + 700;
  while (performance.now() < end);
  const answered = { status: "fulfilled", value: null };
  const reason: unknown = expect.objectContaining({ code: "timeout" });
  expect(await outcomes).toEqual([answered, answered, { status: "rejected", reason }]);
});

test("closes the backend", async () => {
  const memory = createMemoryBackend();
  await withDeadline(memory, 50).close?.();
  await expect(memory.load("one")).rejects.toMatchObject({ code: "unavailable" });
});

function hanging(onLoad: (options: CallOptions | undefined) => void): SessionBackend {
  return {
    ...createMemoryBackend(),
    load: (_, options) => {
      onLoad(options);
      return new Promise(() => {});
    },
  };
}

function throwsAtOnce(error: Error): SessionBackend {
  return {
    ...createMemoryBackend(),
    load: () => {
      throw error;
    },
  };
}
