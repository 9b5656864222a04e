import type { KindModel, MemberModel, ObjectKind, TupleKind } from "../../model/model.js";
import { formBelowUnion } from "../check-schema.js";
import { appLiteral } from "../codec/app-literal.js";
import { printLiteral, propertyName, quote } from "../literal.js";
import type { CodeNames } from "./code-names.js";
import { inLayoutOrder, isOption, leastBytes } from "./layout.js";

/** The function that reads an object; that of the session reads all bytes. */
export function readStruct(
  title: string,
  { members }: ObjectKind,
  names: CodeNames,
  isSession: boolean,
): string {
  const ordered = inLayoutOrder(members);
  const isFixed = !isSession && !ordered.some(isOption);
  const fixed = (): readonly string[] =>
    ordered.map(({ name, kind }) => `    ${propertyName(name)}: ${readExpression(kind, names)},`);
  const body = isFixed
    ? ["  return {", ...fixed(), "  };"]
    : [
        "  const value: Record<string, unknown> = {};",
        ...ordered.flatMap((member) => readMember(member, names)),
        ...(isSession ? ["  reader.end();"] : []),
        "  return value;",
      ];
  return [`function read${title}(${parameterOf(body.join())}): object {`, ...body, "}"].join("\n");
}

/** The function that reads a tuple. */
export function readTuple(title: string, { items, rest }: TupleKind, names: CodeNames): string {
  const parts = items.map((item) => readExpression(item, names));
  if (rest !== undefined) parts.push(`...${listExpression(rest, "", names)}`);
  const list = parts.join(", ");
  return `function read${title}(${parameterOf(list)}): unknown[] {
  return [${list}];
}`;
}

function readMember(member: MemberModel, names: CodeNames): readonly string[] {
  const assign = (value: string): string => `${assignment(member.name, value)};`;
  const read = assign(readExpression(member.kind, names));
  if (!isOption(member)) return [`  ${read}`];
  if (member.default === undefined) return [`  if (reader.boolean()) ${read}`];
  const filled = printLiteral(appLiteral(member.kind, member.default), 30, "  ");
  return [`  if (reader.boolean()) ${read}`, `  else if (reader.isApp) ${assign(filled)}`];
}

function assignment(name: string, value: string): string {
  const quoted = quote(name);
  return name === "__proto__" ? `setMember(value, ${quoted}, ${value})` : `value[${quoted}] = ${value}`;
}

function readExpression(kind: KindModel, names: CodeNames): string {
  switch (kind.type) {
    case "null":
      return "null";
    case "literal":
      return `reader.variant(${names.enumOf(kind)})`;
    case "object":
    case "tuple":
      return `read${names.titleOf(kind)}(reader)`;
    case "array":
      return listExpression(kind.items, names.ruleArguments(kind), names);
    case "record":
      return `reader.record(${readFunction(kind.values, names)}${names.ruleArguments(kind.keys)})`;
    case "union":
      return `reader.any(${formBelowUnion(kind, "wire") === "tagged"})`;
    case "nullable":
      return `reader.boolean() ? ${readExpression(kind.inner, names)} : null`;
    case "boolean":
      return "reader.boolean()";
    default:
      return `reader.${scalarMethods[kind.type]}(${names.ruleArguments(kind).slice(2)})`;
  }
}

/** The methods that read and write scalars. */
export const scalarMethods = {
  string: "string",
  number: "number",
  integer: "integer",
  bigint: "bigint",
  date: "date",
  bytes: "data",
} as const;

function listExpression(items: KindModel, rule: string, names: CodeNames): string {
  return `reader.list(${leastBytes(items)}, ${readFunction(items, names)}${rule})`;
}

function readFunction(kind: KindModel, names: CodeNames): string {
  if (kind.type === "object" || kind.type === "tuple") return `read${names.titleOf(kind)}`;
  const read = readExpression(kind, names);
  const body = kind.type === "nullable" ? `(${read})` : read;
  return names.itemFunction("read", kind, `(${parameterOf(body)}) => ${body}`);
}

/** What takes no bytes at all reads nothing, and says so to compilers that refuse unused parameters. */
function parameterOf(body: string): string {
  return /\breader\b/.test(body) ? "reader: BincodeReader" : "_reader: BincodeReader";
}
