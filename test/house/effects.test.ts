import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { parse, readImports } from "./read-imports.js";
import { type SourceFile, sourceFiles } from "./source-files.js";

/** What of `node:fs` leaves the disk as it is. */
const reading = new Set([
  "access",
  "constants",
  "createReadStream",
  "existsSync",
  "lstat",
  "readdir",
  "readdirSync",
  "readFile",
  "readFileSync",
  "realpath",
  "realpathSync",
  "stat",
  "statSync",
  "watch",
]);

test("only generator/write.ts changes files", () => {
  const writers = sourceFiles("generator", "schema").flatMap((file) =>
    readImports(file)
      .filter(({ specifier, when }) => /^(node:)?fs(\/promises)?$/.test(specifier) && when !== "type")
      .flatMap(({ names }) => names.filter((name) => !reading.has(name)))
      .map((name) => `${file.path} uses ${name}`),
  );
  expect(writers.filter((fault) => !fault.startsWith("generator/write.ts "))).toEqual([]);
});

test("only the command's entry knows the process: arguments, exit and its standard streams", () => {
  const allowed = new Set(["generator/bin.ts", "generator/cli.ts"]);
  const users = sourceFiles("generator", "schema", "runtime").filter(({ path }) => !allowed.has(path));
  expect(users.flatMap(processUses)).toEqual([]);
});

test("the rule about the process sees through brackets and imports", () => {
  const text = 'process["exit"](1); process.env.HOME; import { argv } from "node:process"; other.exit();';
  expect(processUses({ path: "example.ts", text })).toEqual([
    "example.ts: process.exit",
    "example.ts: node:process",
  ]);
});

function processUses(file: SourceFile): readonly string[] {
  const members = new Set([
    "exit",
    "exitCode",
    "argv",
    "abort",
    "kill",
    "chdir",
    "stdout",
    "stderr",
    "stdin",
    "cwd",
  ]);
  const uses: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = memberOfProcess(node);
    if (name !== undefined && members.has(name)) uses.push(`${file.path}: process.${name}`);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  const imported = readImports(file).filter(({ specifier }) => /^(node:)?process$/.test(specifier));
  return [...uses, ...imported.map(() => `${file.path}: node:process`)];
}

function memberOfProcess(node: ts.Node): string | undefined {
  const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  if (!isAccess || !ts.isIdentifier(node.expression) || node.expression.text !== "process") return undefined;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : "(computed)";
}
