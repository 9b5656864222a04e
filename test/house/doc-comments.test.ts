import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { parse } from "./read-imports.js";
import { type SourceFile, sourceFiles } from "./source-files.js";

test("every export has a doc comment", () => {
  expect(sourceFiles("schema", "generator", "runtime").flatMap(withoutDocComment)).toEqual([]);
});

test("the rule about doc comments finds an export without one", () => {
  const text = [
    "/** Has one. */\nexport function overloaded(value: string): void;",
    "export function overloaded(value: number): void;",
    "// Not one.\nexport const bare = 1;",
    "const own = 2;",
  ].join("\n");
  expect(withoutDocComment({ path: "example.ts", text })).toEqual(["example.ts: bare"]);
});

/** Of a function's overloads the first one carries the comment. */
function withoutDocComment(file: SourceFile): readonly string[] {
  const documented = new Set<string>();
  const without = new Set<string>();
  for (const statement of parse(file).statements) {
    if (!isExported(statement)) continue;
    const found = ts.getJSDocCommentsAndTags(statement).length > 0 ? documented : without;
    for (const name of namesOf(statement)) found.add(name);
  }
  return [...without].filter((name) => !documented.has(name)).map((name) => `${file.path}: ${name}`);
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const name = ts.getNameOfDeclaration(statement as ts.Node as ts.Declaration);
  return name === undefined ? [] : [name.getText()];
}
