import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silence } from "../suites/silence.js";
import { root } from "./source-files.js";

test("a run in which nothing happens is ended in less than half of the time that CI has", () => {
  const [, seconds] = /limit=(\d+)/.exec(readFileSync(join(root, ".ci/run"), "utf8")) ?? [];
  expect(silence.inEveryRun).toBeLessThan((Number(seconds) * 1000) / 2);
});
