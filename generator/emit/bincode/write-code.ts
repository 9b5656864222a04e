import type { KindModel, MemberModel, ObjectKind, TupleKind } from "../../model/model.js";
import { formBelowUnion } from "../check-schema.js";
import { quote } from "../literal.js";
import type { CodeNames } from "./code-names.js";
import { inLayoutOrder, isOption } from "./layout.js";
import { scalarMethods } from "./read-code.js";

/** The function that writes an object, or the session itself. */
export function writeStruct(title: string, { members, strict }: ObjectKind, names: CodeNames): string {
  const known = strict === true ? `, [${members.map(({ name }) => quote(name)).join(", ")}]` : "";
  return [
    `function write${title}(writer: BincodeWriter, value: unknown): void {`,
    `  if (!writer.isStruct(value${known})) return;`,
    ...inLayoutOrder(members).map((member) => `  ${writeMember(member, names)}`),
    "}",
  ].join("\n");
}

/** The function that writes a tuple. */
export function writeTuple(title: string, { items, rest }: TupleKind, names: CodeNames): string {
  const lines = items.map((item, index) => `  ${writeStatement(item, `items[${index}]`, names)}`);
  if (rest !== undefined) {
    lines.push(`  writer.list(items.slice(${items.length}), ${writeFunction(rest, names)});`);
  }
  return [
    `function write${title}(writer: BincodeWriter, value: unknown): void {`,
    `  const items = writer.items(value, ${items.length}, ${rest !== undefined});`,
    ...lines,
    "}",
  ].join("\n");
}

function writeMember(member: MemberModel, names: CodeNames): string {
  const value = memberCode(member.name);
  if (!isOption(member)) return writeStatement(member.kind, value, names);
  const option = `writer.${member.optional === true ? "option" : "defaulted"}(${value} !== undefined)`;
  if (member.kind.type !== "nullable") return `if (${option}) ${writeStatement(member.kind, value, names)}`;
  return `if (${option} && writer.option(${value} !== null)) ${writeStatement(member.kind.inner, value, names)}`;
}

/** Own members only; those whose names every object inherits are looked for. */
function memberCode(name: string): string {
  const access = `value[${quote(name)}]`;
  return name in Object.prototype ? `(Object.hasOwn(value, ${quote(name)}) ? ${access} : undefined)` : access;
}

function writeStatement(kind: KindModel, value: string, names: CodeNames): string {
  switch (kind.type) {
    case "null":
      return `if (${value} !== null) writer.refuse();`;
    case "nullable":
      return `if (writer.option(${value} !== null)) ${writeStatement(kind.inner, value, names)}`;
    default:
      return `${writeCall(kind, value, names)};`;
  }
}

function writeCall(
  kind: Exclude<KindModel, { readonly type: "null" | "nullable" }>,
  value: string,
  names: CodeNames,
): string {
  switch (kind.type) {
    case "literal":
      return `writer.variant(${value}, ${names.enumOf(kind)})`;
    case "object":
    case "tuple":
      return `write${names.titleOf(kind)}(writer, ${value})`;
    case "array":
      return `writer.list(${value}, ${writeFunction(kind.items, names)}${names.ruleArguments(kind)})`;
    case "record":
      return `writer.record(${value}, ${writeFunction(kind.values, names)}${names.ruleArguments(kind.keys)})`;
    case "union":
      return `writer.any(${value}, ${formBelowUnion(kind, "wire") === "tagged"})`;
    case "boolean":
      return `writer.boolean(${value})`;
    default:
      return `writer.${scalarMethods[kind.type]}(${value}${names.ruleArguments(kind)})`;
  }
}

function writeFunction(kind: KindModel, names: CodeNames): string {
  if (kind.type === "object" || kind.type === "tuple") return `write${names.titleOf(kind)}`;
  const isCall = kind.type !== "null" && kind.type !== "nullable";
  const body = isCall ? writeCall(kind, "item", names) : `{ ${writeStatement(kind, "item", names)} }`;
  return names.itemFunction("write", kind, `(writer: BincodeWriter, item: unknown): void => ${body}`);
}
