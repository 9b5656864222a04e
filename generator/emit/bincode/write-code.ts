import type { KindModel, MemberModel, ObjectKind, TupleKind } from "../../model/model.js";
import { formBelowUnion } from "../check-schema.js";
import { propertyName, quote } from "../literal.js";
import type { CodeNames } from "./code-names.js";
import { inLayoutOrder, isOption } from "./layout.js";
import { scalarMethods } from "./read-code.js";

/** The function that writes an object, or the session itself. */
export function writeStruct(title: string, { members, strict }: ObjectKind, names: CodeNames): string {
  const known = strict === true ? `, [${members.map(({ name }) => quote(name)).join(", ")}]` : "";
  const ordered = inLayoutOrder(members);
  const variables = names.locals(ordered.map(({ name }) => name));
  const read = ordered.flatMap(({ name }, index) =>
    isInherited(name) ? [] : [bound(name, variables[index])],
  );
  const lines = ordered.map((member, index) => {
    const { name } = member;
    return `  ${writeMember(member, isInherited(name) ? ownMember(name) : (variables[index] ?? name), names)}`;
  });
  return [
    `function write${title}(writer: BincodeWriter, value: unknown): void {`,
    "  if (!writer.isObject(value)) return;",
    ...(read.length === 0 ? [] : [`  const { ${read.join(", ")} } = value;`]),
    `  if (!writer.isStruct(value${known})) return;`,
    ...lines,
    "}",
  ].join("\n");
}

/** A member in a pattern that reads several. */
function bound(name: string, variable = name): string {
  return name === variable ? name : `${propertyName(name)}: ${variable}`;
}

/** The function that writes a tuple. */
export function writeTuple(title: string, { items, rest }: TupleKind, names: CodeNames): string {
  const lines = items.map((item, index) => `  ${writeStatement(item, `items[${index}]`, names)}`);
  if (rest !== undefined) {
    lines.push(`  writer.list(items.slice(${items.length}), ${writeFunction(rest, names)});`);
  }
  return [
    `function write${title}(writer: BincodeWriter, value: unknown): void {`,
    `  ${lines.length > 0 ? "const items = " : ""}writer.items(value, ${items.length}, ${rest !== undefined});`,
    ...lines,
    "}",
  ].join("\n");
}

function writeMember(member: MemberModel, value: string, names: CodeNames): string {
  if (!isOption(member)) return writeStatement(member.kind, value, names);
  const option = `writer.${member.optional === true ? "option" : "defaulted"}(${value} !== undefined)`;
  if (member.kind.type !== "nullable") return `if (${option}) ${writeStatement(member.kind, value, names)}`;
  return `if (${option} && writer.option(${value} !== null)) ${writeStatement(member.kind.inner, value, names)}`;
}

/** What every object has, so that a member of this name has to be looked for among the own ones. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

function ownMember(name: string): string {
  const quoted = quote(name);
  return `(Object.hasOwn(value, ${quoted}) ? value[${quoted}] : undefined)`;
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
