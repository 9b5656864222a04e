import type { ts as TypeScript } from "ts-morph";
import type { SourceCall, SourceNode } from "./source-node.js";
import { createSyntax, type Syntax } from "./syntax.js";

/**
 * Reads the text of a schema file: the expression of its default export and, for `defineSession(…)`, its options.
 * `undefined` when the file has no default export. Parses only; no types are checked.
 */
export function readSource(ts: typeof TypeScript, file: string, text: string): SchemaSource | undefined {
  const syntax = createSyntax(ts, file, text);
  const exported = syntax.defaultExport();
  return exported === undefined ? undefined : { node: createNode(syntax, exported, exported), syntax };
}

/** A schema file as its text tells it. */
export interface SchemaSource {
  /** The expression of the default export; `member("shape")` and so on lead into the options. */
  readonly node: SourceNode;
  readonly syntax: Syntax;
}

/** `expression` is `undefined` for a member that has none, such as a method. */
function createNode(
  syntax: Syntax,
  named: TypeScript.Node,
  expression: TypeScript.Node | undefined,
): SourceNode {
  const doc = syntax.docOf(named);
  const node: SourceNode = {
    position: syntax.positionOf(named),
    ...(doc === undefined ? {} : { doc }),
    member: (name) => {
      const property = expression && findMember(syntax, expression, name, new Set());
      return property ? createNode(syntax, property, syntax.valueOf(property)) : node;
    },
    names: () => (expression === undefined ? [] : [...new Set(findNames(syntax, expression, new Set()))]),
    item: (index) => {
      const element = expression && findItem(syntax, expression, index, new Set());
      return element ? createNode(syntax, element, element) : node;
    },
    call: (...names) => expression && findCall(syntax, expression, new Set(names), new Set()),
  };
  return node;
}

type Seen = Set<TypeScript.Node>;

function findMember(
  syntax: Syntax,
  expression: TypeScript.Node,
  name: string,
  seen: Seen,
): TypeScript.Node | undefined {
  if (seen.has(expression)) return undefined;
  seen.add(expression);
  const members = syntax.membersOf(expression);
  const own = syntax.memberOf(expression, name);
  if (own) return own;
  const parts = members ? members.filter((member) => syntax.isSpread(member)) : [];
  for (const part of members
    ? parts.flatMap((spread) => syntax.partsOf(spread))
    : syntax.partsOf(expression)) {
    const found = findMember(syntax, part, name, seen);
    if (found) return found;
  }
  return undefined;
}

function findNames(syntax: Syntax, expression: TypeScript.Node, seen: Seen): readonly string[] {
  if (seen.has(expression)) return [];
  seen.add(expression);
  const members = syntax.membersOf(expression);
  const parts = members === undefined ? [expression] : members.filter((member) => syntax.isSpread(member));
  const inner = parts.flatMap((part) => syntax.partsOf(part));
  return [...syntax.namesOf(expression), ...inner.flatMap((part) => findNames(syntax, part, seen))];
}

function findItem(
  syntax: Syntax,
  expression: TypeScript.Node,
  index: number,
  seen: Seen,
): TypeScript.Node | undefined {
  if (seen.has(expression)) return undefined;
  seen.add(expression);
  const items = syntax.itemsOf(expression);
  if (items) return items.some((item) => syntax.isSpread(item)) ? undefined : items[index];
  if (syntax.membersOf(expression)) return undefined;
  for (const part of syntax.partsOf(expression)) {
    const found = findItem(syntax, part, index, seen);
    if (found) return found;
  }
  return undefined;
}

function findCall(
  syntax: Syntax,
  expression: TypeScript.Node,
  names: ReadonlySet<string>,
  seen: Seen,
): SourceCall | undefined {
  if (seen.has(expression) || syntax.membersOf(expression)) return undefined;
  seen.add(expression);
  const call = syntax.calleeOf(expression);
  if (call && names.has(call.name)) {
    const position = syntax.positionOf(call.node);
    return { name: call.name, position, endsInFunction: syntax.endsInFunction(expression) };
  }
  for (const part of [...(syntax.itemsOf(expression) ?? []), ...syntax.partsOf(expression)]) {
    const found = findCall(syntax, part, names, seen);
    if (found) return found;
  }
  return undefined;
}
