import fc from "fast-check";
import { afterAll, beforeEach, vi } from "vitest";
import { endFile } from "./end-of-file.js";
import { isNightly, patience } from "./faults/scale.js";

/** Milliseconds for a file. Where a server is lost each test may wait for as long as it is allowed to, and no run would end. */
const most = isNightly ? Infinity : 300_000;

// Looking for the least data that fails can take hours, in which no time limit of a test is heard where nothing is waited for.
fc.configureGlobal({
  interruptAfterTimeLimit: isNightly ? patience : patience / 2,
  markInterruptAsFailure: true,
});

// The real clock, whatever a test puts in its place.
const now = performance.now.bind(performance);
const startedAt = now();

beforeEach(() => {
  if (now() - startedAt > most) throw new Error(`The tests of this file have had ${most} ms.`);
});

// What a file left that was not run to its end.
await endFile();

// Run before each test file, so the first hook to be registered, and the last to run.
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await endFile();
}, patience);
