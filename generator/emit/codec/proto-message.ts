import { type KnownNumbers, scopes } from "../../history/numbers.js";
import type { KindModel, LiteralKind } from "../../model/model.js";
import { docText } from "../type-text.js";
import { innerKind, type Message, type MessagePart, messageOf } from "./message-part.js";
import { createProtoScope, jsonNameOf, type ProtoScope } from "./proto-names.js";

/** The lines of a message, with those of the types inside it. */
export function printMessage(message: Message, name: string, numbers: KnownNumbers): readonly string[] {
  const scope = createProtoScope();
  const types: string[][] = [];
  const room: Room = { scope, numbers, add: (lines) => void types.push(["", ...lines]) };
  const fields = message.parts.flatMap((part) => [...comment(part.doc), ...fieldLines(part, room)]);
  const lines = [...reservedLine(message, numbers), ...fields, ...companionLines(message.parts, scope)];
  return [`message ${name} {`, ...indented([...lines, ...types.flat()]), "}"];
}

/** Where the types of a message's fields are declared. */
interface Room {
  readonly scope: ProtoScope;
  readonly numbers: KnownNumbers;
  add(lines: readonly string[]): void;
}

function fieldLines(part: MessagePart, room: Room): readonly string[] {
  const { kind, number } = part;
  const identifier = room.scope.field(/^\d+$/.test(part.name) ? `item ${number}` : part.name);
  const place = { path: part.path, words: [part.name] };
  const options = [
    ...(isNumberList(kind) ? ["packed = false"] : []),
    ...(isSayable(part.name) && jsonNameOf(identifier) !== part.name && !/^\d+$/.test(part.name)
      ? [`json_name = "${part.name}"`]
      : []),
  ];
  const suffix = options.length === 0 ? "" : ` [${options.join(", ")}]`;
  return [`${fieldType(kind, place, room)} ${identifier} = ${number}${suffix};`];
}

interface Place {
  readonly path: string;
  readonly words: readonly string[];
}

function fieldType(kind: KindModel, { path, words }: Place, room: Room): string {
  if (kind.type === "array") {
    return `repeated ${elementType(kind.items, { path: scopes.items(path), words: [...words, "item"] }, room)}`;
  }
  if (kind.type === "record") {
    const place = { path: scopes.entries(path), words: [...words, "value"] };
    return `map<string, ${elementType(kind.values, place, room)}>`;
  }
  const type = elementType(kind, { path, words }, room);
  const isMessage = kind.type === "object" || kind.type === "tuple" || type === "AnyValue";
  return isMessage ? type : `optional ${type}`;
}

const scalarTypes: Readonly<Record<string, string>> = {
  string: "string",
  number: "double",
  integer: "int64",
  boolean: "bool",
  date: "int64",
  bigint: "bytes",
  bytes: "bytes",
};

function elementType(nullable: KindModel, place: Place, room: Room): string {
  const kind = innerKind(nullable);
  switch (kind.type) {
    case "literal":
      return enumType(kind, place, room);
    case "object":
    case "tuple": {
      const name = room.scope.type(place.words);
      room.add(
        printMessage(messageOf(kind, { path: place.path, words: [] }, room.numbers), name, room.numbers),
      );
      return name;
    }
    case "array":
    case "record":
      return onlyType(kind, place, room);
    default:
      return scalarTypes[kind.type] ?? "AnyValue";
  }
}

/** A list or map as an element: a message around it. */
function onlyType(kind: Extract<KindModel, { type: "array" | "record" }>, place: Place, room: Room): string {
  const name = room.scope.type(place.words);
  const only = kind.type === "array" ? "items" : "entries";
  const part = { name: only, number: 1, kind, isNullable: false, isRequired: false, ...place };
  room.add(printMessage({ ...place, path: "\0", parts: [part], isStrict: false }, name, room.numbers));
  return name;
}

function enumType(kind: LiteralKind, { path, words }: Place, { scope, numbers, add }: Room): string {
  const name = scope.type(words);
  const codes = numbers.of(scopes.values(path));
  const values = kind.values
    .map((value) => ({ value, code: codes.get(JSON.stringify(value)) ?? 0 }))
    .sort((left, right) => left.code - right.code);
  const gone = [...numbers.given(scopes.values(path))].filter((code) =>
    values.every((value) => value.code !== code),
  );
  add([
    `enum ${name} {`,
    ...indented([
      ...reserved(gone),
      `${scope.value(name, "unspecified")} = 0;`,
      ...values.flatMap(({ value, code }) => [
        ...comment(JSON.stringify(value)),
        `${scope.value(name, String(value))} = ${code};`,
      ]),
    ]),
    "}",
  ]);
  return name;
}

function companionLines(parts: readonly MessagePart[], scope: ProtoScope): readonly string[] {
  const runs = parts.filter(({ kind }) => kind.type === "array" || kind.type === "record");
  const lines = [
    ...(parts.some(({ isNullable }) => isNullable)
      ? [`repeated int32 ${scope.field("null_fields")} = 536870910;`]
      : []),
    ...(runs.length > 0 ? [`repeated int32 ${scope.field("empty_fields")} = 536870909;`] : []),
    ...(runs.some(({ kind }) => holdsNulls(kind))
      ? [`repeated NullItems ${scope.field("null_items")} = 536870908;`]
      : []),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

function holdsNulls(kind: KindModel): boolean {
  if (kind.type === "array") return kind.items.type === "nullable";
  return kind.type === "record" && kind.values.type === "nullable";
}

/** Numbers of fields that earlier versions had, which nothing else may ever have. */
function reservedLine({ path, parts }: Message, numbers: KnownNumbers): readonly string[] {
  const gone = [...numbers.given(path)].filter((number) => parts.every((part) => part.number !== number));
  return reserved(gone);
}

function reserved(numbers: readonly number[]): readonly string[] {
  if (numbers.length === 0) return [];
  return [`reserved ${[...numbers].sort((left, right) => left - right).join(", ")};`];
}

/** Integers are packed, and are told from numbers by that. */
function isNumberList(kind: KindModel): boolean {
  return kind.type === "array" && innerKind(kind.items).type === "number";
}

function isSayable(name: string): boolean {
  return /^[^\p{C}"\\[\]]+$/u.test(name);
}

function comment(text: string | undefined): readonly string[] {
  const safe = docText(text);
  return safe === undefined ? [] : safe.split("\n").map((line) => `// ${line}`.trimEnd());
}

function indented(lines: readonly string[]): readonly string[] {
  const [first, ...others] = lines;
  const whole = first === "" ? others : lines;
  return whole.map((line) => (line === "" ? "" : `  ${line}`));
}
