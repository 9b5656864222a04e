import { expect, test } from "vitest";
import { alone } from "../suites/alone.js";
import { sourceFiles } from "./source-files.js";

const files = sourceFiles("test").filter(
  ({ path }) => path.endsWith(".test.ts") && path !== "test/house/alone.test.ts",
);

test("what measures its process, or replaces its timers, has one of its own", () => {
  const users = files
    .filter(({ text }) => /useFakeTimers|spyOn\(globalThis|memoryUsage|expose-gc/.test(text))
    .map(({ path }) => path);
  expect(users.length).toBeGreaterThan(5);
  expect(users.filter((path) => !alone.some((part) => path.startsWith(part)))).toEqual([]);
});

test("all that is named is there", () => {
  expect(alone.filter((part) => !files.some(({ path }) => path.startsWith(part)))).toEqual([]);
});
