import { describe, expect, test } from "vitest";
import { packageOf, readImports } from "./read-imports.js";

function imports(text: string): readonly string[] {
  return readImports({ path: "example.ts", text }).map(({ specifier, when }) => `${when} ${specifier}`);
}

describe("reading imports", () => {
  test("tells what is loaded at once, later and never", () => {
    expect(imports('import { a } from "one";')).toEqual(["value one"]);
    expect(imports('import type { a } from "one";')).toEqual(["type one"]);
    expect(imports('import { type a } from "one";')).toEqual(["value one"]);
    expect(imports('import "one";')).toEqual(["value one"]);
    expect(imports('export * from "one"; export type { b } from "two";')).toEqual(["value one", "type two"]);
    expect(imports('const later = () => import("one");')).toEqual(["lazy one"]);
    expect(imports('const now = require("one"); const too = await import("two");')).toEqual([
      "value one",
      "value two",
    ]);
    expect(imports('function later() { return require("one"); }')).toEqual(["lazy one"]);
    expect(imports('let a: typeof import("one");')).toEqual(["type one"]);
  });

  test("sees through what would fool a pattern", () => {
    expect(
      imports('import /* { x } from "no" */ a,\n  { b as c }\n  from\n  `two`;'.replaceAll("`", '"')),
    ).toEqual(["value two"]);
    expect(imports("const text = 'import { a } from \"one\"'; // import 'two'")).toEqual([]);
    expect(imports("const later = (name: string) => import(name);")).toEqual(["lazy (computed)"]);
  });

  test("knows which names are taken", () => {
    const text = 'import fs, { writeFile as write } from "node:fs"; import * as all from "node:fs/promises";';
    expect(readImports({ path: "example.ts", text }).map(({ names }) => names)).toEqual([
      ["*", "writeFile"],
      ["*"],
    ]);
  });

  test("knows the package of a specifier", () => {
    expect(["./a.js", "node:fs", "zod/mini", "@scope/name/deep"].map(packageOf)).toEqual([
      null,
      null,
      "zod",
      "@scope/name",
    ]);
  });
});
