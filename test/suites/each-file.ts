import { afterAll, vi } from "vitest";
import { endFile } from "./end-of-file.js";
import { patience } from "./faults/scale.js";

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
