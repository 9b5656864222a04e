import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { partNames } from "../../bench/parts.js";
import { toPages } from "../../bench/results.js";
import rootPackage from "../../package.json" with { type: "json" };
import { root } from "./source-files.js";

const bench = join(root, "bench");

test("bench/RESULTS.md and the charts say what was measured, and nothing else", () => {
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
