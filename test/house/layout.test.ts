import { existsSync } from "node:fs";
import { join } from "node:path";
import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { parse } from "./read-imports.js";
import { folderOf, root, type SourceFile, sourceFiles } from "./source-files.js";

const product = sourceFiles("schema", "generator", "runtime");
const everything = [...product, ...sourceFiles("demo", "test", "bench")];

test("the rooms are where the rules look for them", () => {
  for (const room of ["schema", "generator", "runtime", "test"]) {
    expect(sourceFiles(room).length, `files in ${room}/`).toBeGreaterThan(5);
  }
});

test("no file is longer than 250 lines", () => {
  const long = everything.filter(({ text }) => text.trimEnd().split("\n").length > 250);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test("folders are at most two deep", () => {
  const deep = product.filter((file) => folderOf(file).length > 2);
  expect(deep.map(({ path }) => path)).toEqual([]);
});

test("no name says nothing", () => {
  const empty = /(^|\/)([\w-]+[-.])?(utils?|helpers?|misc|common|managers?|stuff)([./]|$)/i;
  expect(everything.map(({ path }) => path).filter((path) => empty.test(path))).toEqual([]);
});

test("only index.ts passes on what others export", () => {
  const barrels = product.filter((file) => !file.path.endsWith("/index.ts") && isBarrel(file));
  expect(barrels.map(({ path }) => path)).toEqual([]);
});

test("functions are at most 40 lines long, those inside them apart", () => {
  expect(product.flatMap((file) => longFunctions(file, 40))).toEqual([]);
});

test("the rule about functions finds a long one", () => {
  const text = `function long(): void {\n${"  call();\n".repeat(40)}}\n`;
  expect(longFunctions({ path: "example.ts", text }, 40)).toEqual(["example.ts:1 has 42 lines"]);
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

/** A factory is as long as what it does itself: the methods that it returns are functions of their own. */
function longFunctions(file: SourceFile, limit: number): readonly string[] {
  const source = parse(file);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const long: string[] = [];
  const visit = (node: ts.Node): number => {
    let inside = 0;
    ts.forEachChild(node, (child) => {
      inside += visit(child);
    });
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return inside;
    const start = lineOf(node.getStart());
    const lines = lineOf(node.end) - start + 1;
    if (lines - inside > limit) long.push(`${file.path}:${start + 1} has ${lines - inside} lines`);
    return lines;
  };
  visit(source);
  return long;
}
