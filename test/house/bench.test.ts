import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { partNames } from "../../bench/parts.js";
import { toPages } from "../../bench/results.js";
import rootPackage from "../../package.json" with { type: "json" };
import { root } from "./source-files.js";

const bench = join(root, "bench");

test("bench/RESULTS.md, the charts and the table of the README say what was measured, and nothing else", () => {
  const pages = toPages();
  expect([...pages].filter(([path, text]) => readFileSync(join(bench, path), "utf8") !== text)).toEqual([]);
  const charts = readdirSync(join(bench, "charts")).map((name) => `charts/${name}`);
  expect(charts.filter((path) => !pages.has(path))).toEqual([]);
});

test("each part of the bench has a command", () => {
  const missing = partNames.filter(
    (name) => !Object.hasOwn(rootPackage.scripts, `bench:${name}`) || !existsSync(join(bench, `${name}.ts`)),
  );
  expect(missing).toEqual([]);
});

test("each figure says whether more or less of it is better", () => {
  const cells = (line: string): readonly string[] => line.split(" | ").map((cell) => cell.trim());
  const lines = (toPages().get("RESULTS.md") ?? "").split("\n").filter((line) => line.startsWith("| "));
  const figures = lines.filter((line) => !/^\| (?:what +\||-)/.test(line));
  expect(figures.filter((line) => !["more", "less"].includes(cells(line)[3] ?? ""))).toEqual([]);
});
