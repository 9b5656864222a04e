import type { ts as TypeScript } from "ts-morph";
import { createDeclarations } from "./declarations.js";
import { environmentReads } from "./environment-reads.js";
import { positionInText } from "./position-in-text.js";
import type { SourcePosition } from "./source-node.js";

/** Questions about the syntax of a schema file, answered without a type checker. */
export interface Syntax {
  /** The expression after `export default`. */
  defaultExport(): TypeScript.Node | undefined;
  /** Absolute paths of the schema and of all files that its relative imports lead to. */
  files(): readonly string[];
  /**
   * Where the first import stands, in one of those files, whose specifier is the one asked for; with a name, where
   * that name is imported.
   */
  importOf(file: string, isIt: (specifier: string) => boolean, name?: string): SourcePosition | undefined;
  /** Where `process.env` is read, in all of those files. */
  environmentReads(): readonly SourcePosition[];
  positionOf(node: TypeScript.Node): SourcePosition;
  /** The text of the doc comment right before a member. */
  docOf(node: TypeScript.Node): string | undefined;
  /** The members of an object literal; `undefined` for every other expression. */
  membersOf(node: TypeScript.Node): readonly TypeScript.Node[] | undefined;
  /** The names of the members of an object literal, as far as they are written out. */
  namesOf(node: TypeScript.Node): readonly string[];
  /** The elements of an array literal; `undefined` for every other expression. */
  itemsOf(node: TypeScript.Node): readonly TypeScript.Node[] | undefined;
  /** The member of that name, of an object literal. */
  memberOf(node: TypeScript.Node, name: string): TypeScript.Node | undefined;
  valueOf(member: TypeScript.Node): TypeScript.Node | undefined;
  isSpread(node: TypeScript.Node): boolean;
  /** The expressions that this one is made of, the innermost call of a chain first; a name leads to its declaration. */
  partsOf(node: TypeScript.Node): readonly TypeScript.Node[];
  /** The last name of what is called: `min` of `z.string().min(1)`. */
  calleeOf(node: TypeScript.Node): { readonly name: string; readonly node: TypeScript.Node } | undefined;
  endsInFunction(call: TypeScript.Node): boolean;
}

/** Parses a schema file; names are followed to what the person's own files declare. */
export function createSyntax(ts: typeof TypeScript, file: string, text: string): Syntax {
  const { schema, resolve, files, source } = createDeclarations(ts, file, text);
  const members = new Map<TypeScript.Node, ReadonlyMap<string, TypeScript.Node>>();
  const namedIn = (node: TypeScript.ObjectLiteralExpression): ReadonlyMap<string, TypeScript.Node> => {
    const known = members.get(node) ?? namedMembers(ts, node);
    members.set(node, known);
    return known;
  };
  return {
    defaultExport: () => schema.statements.find(ts.isExportAssignment)?.expression,
    files,
    importOf: (path, isIt, name) => {
      const found = source(path)?.statements.flatMap((statement) => importNodes(ts, statement, isIt, name));
      return found?.[0] && positionOf(found[0]);
    },
    environmentReads: () =>
      files()
        .flatMap((path) => source(path) ?? [])
        .flatMap((file) => environmentReads(ts, file))
        .map(positionOf),
    positionOf,
    docOf: (node) => docBefore(ts, node),
    membersOf: (node) => (ts.isObjectLiteralExpression(node) ? node.properties : undefined),
    itemsOf: (node) => (ts.isArrayLiteralExpression(node) ? node.elements : undefined),
    memberOf: (node, name) => (ts.isObjectLiteralExpression(node) ? namedIn(node).get(name) : undefined),
    namesOf: (node) => (ts.isObjectLiteralExpression(node) ? [...namedIn(node).keys()] : []),
    valueOf: (member) => {
      if (ts.isPropertyAssignment(member)) return member.initializer;
      return ts.isShorthandPropertyAssignment(member) ? member.name : undefined;
    },
    isSpread: (node) => ts.isSpreadAssignment(node) || ts.isSpreadElement(node),
    partsOf: (node) => partsOf(ts, node, resolve),
    calleeOf: (node) => calleeOf(ts, node),
    endsInFunction: (call) => {
      const last = ts.isCallExpression(call) ? call.arguments.at(-1) : undefined;
      const value = last && ts.isIdentifier(last) ? resolve(last) : last;
      return value !== undefined && ts.isFunctionLike(value);
    },
  };
}

/** The specifier of an import that is the one asked for; with a name, where the import has that name. */
function importNodes(
  ts: typeof TypeScript,
  statement: TypeScript.Statement,
  isIt: (specifier: string) => boolean,
  name: string | undefined,
): readonly TypeScript.Node[] {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
  const { moduleSpecifier } = statement;
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier) || !isIt(moduleSpecifier.text)) return [];
  if (name === undefined) return [moduleSpecifier];
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
  if (name === "default" && clause?.name) return [clause.name];
  const named = ts.isExportDeclaration(statement) ? statement.exportClause : clause?.namedBindings;
  if (!named || !(ts.isNamedImports(named) || ts.isNamedExports(named))) return [];
  return named.elements
    .map((element) => element.propertyName ?? element.name)
    .filter(({ text }) => text === name);
}

function positionOf(node: TypeScript.Node): SourcePosition {
  const source = node.getSourceFile();
  return { file: source.fileName, ...positionInText(source, node.getStart(source)) };
}

function calleeOf(ts: typeof TypeScript, node: TypeScript.Node): ReturnType<Syntax["calleeOf"]> {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  if (ts.isPropertyAccessExpression(callee)) return { name: callee.name.text, node: callee.name };
  return ts.isIdentifier(callee) ? { name: callee.text, node: callee } : undefined;
}

function partsOf(
  ts: typeof TypeScript,
  node: TypeScript.Node,
  resolve: (name: TypeScript.Identifier) => TypeScript.Node | undefined,
): readonly TypeScript.Node[] {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    return [node.expression, ...(node.arguments ?? [])];
  }
  if (ts.isIdentifier(node)) {
    const declared = resolve(node);
    return declared === undefined || ts.isFunctionLike(declared) ? [] : [declared];
  }
  const wraps =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSpreadAssignment(node) ||
    ts.isSpreadElement(node);
  return wraps ? [node.expression] : [];
}

function namedMembers(
  ts: typeof TypeScript,
  literal: TypeScript.ObjectLiteralExpression,
): ReadonlyMap<string, TypeScript.Node> {
  return new Map(
    literal.properties.flatMap((member): [string, TypeScript.Node][] => {
      const name = memberName(ts, member);
      return name === undefined ? [] : [[name, member]];
    }),
  );
}

function memberName(ts: typeof TypeScript, member: TypeScript.Node): string | undefined {
  if (!ts.isObjectLiteralElementLike(member) || !member.name) return undefined;
  const computed = ts.isComputedPropertyName(member.name);
  const name = computed ? member.name.expression : member.name;
  if (ts.isIdentifier(name)) return computed ? undefined : name.text;
  return ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

function docBefore(ts: typeof TypeScript, node: TypeScript.Node): string | undefined {
  if (!ts.isObjectLiteralElementLike(node)) return undefined;
  const source = node.getSourceFile();
  const start = node.getStart(source);
  // TypeScript counts what stands on the line of a brace or comma to that; it is the member's when that follows at once.
  const besides = (ts.getTrailingCommentRanges(source.text, node.pos) ?? []).filter(
    ({ end }) => !source.text.slice(end, start).includes("\n"),
  );
  const comments = [...besides, ...(ts.getLeadingCommentRanges(source.text, node.pos) ?? [])];
  const raw = comments
    .map(({ pos, end }) => source.text.slice(pos, end))
    .findLast((comment) => /^\/\*\*[^*/]/.test(comment));
  const lines = raw?.slice(3, -2).split(/\r?\n/);
  const words = lines?.map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  return words?.join("\n").trim() || undefined;
}
