import { afterEach, expect, test, vi } from "vitest";
import { createCachedBackend } from "../../../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { openSides } from "./two-sides.js";

afterEach(() => {
  vi.useRealTimers();
});

test("a primary is believed though the cache that a process has in front of it has an older number", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  const sides = openSides();
  let walks = 0;
  sides.secondaryPlan.scan = () => {
    walks += 1;
    return "pass";
  };
  const cached = () =>
    sides.open((store) => createCachedBackend({ cache: createMemoryBackend(), store, deadline: "1m" }));
  const processes = [cached(), cached()];
  for (let time = 0; time < 5; time += 1) {
    for (const backend of processes) expect(await backend.load("one")).toBeNull();
    await vi.advanceTimersByTimeAsync(6000);
  }
  expect((await sides.primary.load("session-gen-heartbeat"))?.revision).toBeGreaterThan(3);
  expect(walks).toBe(0);
  vi.useRealTimers();
  await sides.close();
});
