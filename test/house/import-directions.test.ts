import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { knownViolationsFile, listViolations } from "./import-directions.js";

const violations = await listViolations();
const known = (await readFile(knownViolationsFile, "utf8")).split("\n").filter((line) => line !== "");

test("no import goes against the directions, or round a circle, that did not before", () => {
  expect(violations.filter((line) => !known.includes(line))).toEqual([]);
});

test("the list of known violations holds none that has been removed", () => {
  const advice = "run npm run update:violations";
  expect(
    known.filter((line) => !violations.includes(line)),
    advice,
  ).toEqual([]);
});
