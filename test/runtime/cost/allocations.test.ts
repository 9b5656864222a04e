import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { processScript } from "../../suites/faults/child.js";

/** The young generation, in MB: all that the process allocates fits, so that nothing is collected meanwhile. */
const young = 256;

/**
 * In Node 20 it is 2,278 bytes for a request that reads and 12,480 for one that changes a field, the same at each run but for two
 * bytes; another version of Node may lay objects out otherwise. A Map or a copy of the session more is seen.
 */
test("a request on memory allocates hardly more than it did", async () => {
  const flags = [
    "--expose-gc",
    "--no-opt",
    `--min-semi-space-size=${young}`,
    `--max-semi-space-size=${young}`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, processScript("allocate.ts")]);
  const { read, change } = JSON.parse(stdout);
  expect(read).toBeGreaterThan(500);
  expect(read).toBeLessThan(2600);
  expect(change).toBeLessThan(14_000);
});
