import { existsSync } from "node:fs";
import { join } from "node:path";
import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { parse } from "./read-imports.js";
import { root, type SourceFile, sourceFiles } from "./source-files.js";

const product = sourceFiles("schema", "generator", "runtime");
const everything = [...product, ...sourceFiles("demo", "test", "bench")];

test("the rooms are where the rules look for them", () => {
  for (const room of ["schema", "generator", "runtime", "test"]) {
    expect(sourceFiles(room).length, `files in ${room}/`).toBeGreaterThan(5);
  }
});

test("no name says nothing", () => {
  const empty = /(^|\/)([\w-]+[-.])?(utils?|helpers?|misc|common|managers?|stuff)([./]|$)/i;
  expect(everything.map(({ path }) => path).filter((path) => empty.test(path))).toEqual([]);
});

test("only index.ts passes on what others export", () => {
  const barrels = product.filter((file) => !file.path.endsWith("/index.ts") && isBarrel(file));
  expect(barrels.map(({ path }) => path)).toEqual([]);
});

test("what a newcomer looks for is there", () => {
  const files = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "docs/decisions",
  ];
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

function isBarrel(file: SourceFile): boolean {
  const { statements } = parse(file);
  return statements.length > 0 && statements.every((statement) => ts.isExportDeclaration(statement));
}
