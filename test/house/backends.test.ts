import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import runtimePackage from "../../runtime/package.json" with { type: "json" };
import { root, sourceFiles } from "./source-files.js";

/** The backends that a schema can name, by their words. */
const words = Object.keys(runtimePackage.exports).flatMap(
  (path) => /^\.\/backends\/([a-z]+)$/.exec(path)?.[1] ?? [],
);

test("docs/backends.md tells of each backend what survives, how far it is atomic, what it cannot promise and what was measured", () => {
  expect(words.length).toBeGreaterThan(8);
  const rows = readFileSync(join(root, "docs/backends.md"), "utf8")
    .split("\n## What each promises\n")[1]
    ?.split("\n## ")[0]
    ?.split("\n")
    .filter((line) => line.startsWith("| ["))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const told = rows?.filter(
    (cells) => cells.length === 5 && cells.every((cell) => cell !== "") && /\d|suite/.test(cells[4] ?? ""),
  );
  expect(told).toEqual(rows);
  const anchors = new Set(
    told?.flatMap(([name = ""]) => [...name.matchAll(/\(#([a-z-]+)\)/g)].map(([, to]) => to)),
  );
  expect([...words, "express-store", "your-own"].filter((word) => !anchors.has(word))).toEqual([]);
});

test("each backend runs the suite of its contract in a test file of its own", () => {
  const files = new Map(sourceFiles("test/runtime/backends").map(({ path, text }) => [path, text]));
  const runsSuite = (word: string): boolean => {
    const text = files.get(`test/runtime/backends/${word}.test.ts`) ?? "";
    return text.includes(`/backends/${word}.js"`) && /\b(backend|seal)Suite\(/.test(text);
  };
  expect(words.filter((word) => !runsSuite(word))).toEqual([]);
});
