import type { KindModel } from "../../model/model.js";
import { members, type Printable, printBlock, printLiteral, propertyName, quote } from "../literal.js";
import { appLiteral } from "./app-literal.js";
import type { CodecCode } from "./codec-code.js";
import { type Message, type MessagePart, messageOf } from "./message-part.js";
import { type FieldCode, fieldCode } from "./protobuf-field.js";
import type { Place } from "./protobuf-item.js";

/** The functions of a message. */
export interface MessageCode {
  readonly read: string;
  readonly write: string;
}

/** Adds the functions of an object's or a tuple's message. */
export function addMessage(
  code: CodecCode,
  kind: Extract<KindModel, { type: "object" | "tuple" }>,
  place: Place,
): MessageCode {
  return addMessageOf(code, messageOf(kind, place, code.numbers), false);
}

/** Adds the functions of a message. `isSession`: its fields are copied as they stand when they have not changed. */
export function addMessageOf(code: CodecCode, message: Message, isSession: boolean): MessageCode {
  const variables = code.names.locals(message.parts.map(({ name }) => name));
  const table = code.names.declare(message.words, { suffix: "Fields" });
  const fields = message.parts.map((part, index) =>
    fieldCode(code, part, { variable: variables[index] ?? part.name, ...(isSession && { keptIn: table }) }),
  );
  code.addConstant(`const ${table} = ${tableCode(message)};`);
  const read = code.names.declare(message.words, { prefix: "read" });
  const write = code.names.declare(message.words, { prefix: "write" });
  code.addFunction(readFunction(read, table, fields, isSession));
  code.addFunction(writeFunction(write, table, fields, isSession));
  return { read, write };
}

function tableCode({ parts, isStrict }: Message): string {
  const table = members(parts.map((part) => [String(part.number), partCode(part)]));
  const options = isStrict ? ", { isStrict: true }" : "";
  return `messageFields(${printBlock(table)}${options})`;
}

function partCode({ name, kind, isNullable, isRequired, default: initial }: MessagePart): Printable {
  const holds = { array: "list", record: "record" }[kind.type as string];
  const isFilled = kind.type === "array" && (kind.minItems ?? 0) > 0;
  return members([
    ["name", name],
    ["isRequired", isRequired || undefined],
    ["hasDefault", initial !== undefined || undefined],
    ["isNullable", isNullable || undefined],
    ["holds", holds],
    ["isFilled", isFilled || undefined],
  ]);
}

function readFunction(name: string, table: string, fields: readonly FieldCode[], isSession: boolean): string {
  const keeps = isSession && fields.some(({ isKept }) => isKept);
  return [
    `function ${name}(reader: ProtobufReader, end: number): Members {`,
    ...fields.map(({ variable, type }) => `  let ${variable}: ${type};`),
    "  let extras: Extras | undefined;",
    "  while (reader.position < end) {",
    ...(keeps ? ["    const start = reader.position;"] : []),
    "    const tag = reader.tag();",
    "    switch (tag) {",
    ...fields.flatMap(({ tags, read }) => [
      ...tags.map((tag) => `      case ${tag}:`),
      ...read.map((line) => `        ${line}`),
      "        break;",
    ]),
    "      default:",
    `        extras = readExtra(reader, tag, extras, ${table});`,
    "    }",
    "  }",
    "  reader.finishAt(end);",
    ...building(table, fields).map((line) => `  ${line}`),
    "}",
  ].join("\n");
}

function building(table: string, fields: readonly FieldCode[]): readonly string[] {
  const required = fields.filter(({ part }) => part.isRequired);
  const literal = required.map(({ part, variable }) =>
    part.name === variable ? variable : `${propertyName(part.name)}: ${variable}`,
  );
  const isAbsent = required.map(({ variable }) => `${variable} === undefined`);
  return [
    ...fields.flatMap(({ variable, runRules }) =>
      runRules.length === 0
        ? []
        : [`if (${variable} !== undefined && ${inParentheses(runRules)}) reader.doubt();`],
    ),
    literal.length === 0
      ? `const members = ${table}.create();`
      : `const members: Members = { ${literal.join(", ")} };`,
    ...fields
      .filter(({ part }) => !part.isRequired)
      .map(({ part, variable }) => `if (${variable} !== undefined) ${setCode(part.name, variable)};`),
    `if (extras !== undefined) addExtras(reader, members, extras, ${table});`,
    ...(isAbsent.length === 0 ? [] : [`else if (${isAbsent.join(" || ")}) reader.doubt();`]),
    ...defaultLines(fields),
    "return members;",
  ];
}

function defaultLines(fields: readonly FieldCode[]): readonly string[] {
  const lines = fields.flatMap(({ part }) => {
    if (part.default === undefined) return [];
    const value = printLiteral(
      part.isNullable && part.default === null ? null : appLiteral(part.kind, part.default),
    );
    return [`  if (${memberCode(part.name)} === undefined) ${setCode(part.name, value)};`];
  });
  return lines.length === 0 ? [] : ["if (reader.isApp) {", ...lines, "}"];
}

function writeFunction(
  name: string,
  table: string,
  fields: readonly FieldCode[],
  isSession: boolean,
): string {
  const plain = fields.filter(({ part }) => !inherited.has(part.name));
  const names = plain.map(({ part, variable }) =>
    part.name === variable ? variable : `${propertyName(part.name)}: ${variable}`,
  );
  return [
    `function ${name}(writer: ProtobufWriter, members: Members): ${isSession ? "void" : "boolean"} {`,
    ...(names.length === 0 ? [] : [`  const { ${names.join(", ")} } = members;`]),
    ...fields
      .filter(({ part }) => inherited.has(part.name))
      .map(({ part, variable }) => `  const ${variable} = memberOf(members, ${quote(part.name)});`),
    ...(isSession ? [] : ["  if (!writer.isMembers(members)) return false;"]),
    ...fields.flatMap(({ part, variable, write, isKept, rules, writeRunRules }) => [
      `  if (${isKept ? `!writer.kept(${table}, ${part.number}, ${variable}) && ` : ""}!${write}) writer.otherwise(${table}, ${part.number}, ${variable});`,
      ...(rules.length === 0 ? [] : [`  else if (${rules.join(" || ")}) writer.doubt();`]),
      ...writeRunRules.map((rule) => `  ${rule}`),
    ]),
    `  writer.others(${table}, members);`,
    ...(isSession ? [] : ["  return true;"]),
    "}",
  ].join("\n");
}

/** What every object has, so that a member of this name has to be looked for among the own ones. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

function memberCode(name: string): string {
  return inherited.has(name) ? `memberOf(members, ${quote(name)})` : `members[${quote(name)}]`;
}

function setCode(name: string, value: string): string {
  return name === "__proto__"
    ? `setMember(members, ${quote(name)}, ${value})`
    : `members[${quote(name)}] = ${value}`;
}

function inParentheses(rules: readonly string[]): string {
  return rules.length === 1 ? String(rules[0]) : `(${rules.join(" || ")})`;
}
