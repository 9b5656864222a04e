import { scopes } from "../../history/numbers.js";
import { holdsTagged } from "../check-schema.js";
import type { CodecCode } from "./codec-code.js";
import type { MessagePart } from "./message-part.js";
import { elementWireType, entriesCode, itemCode } from "./protobuf-item.js";
import { addMessage } from "./protobuf-message.js";
import { brokenRules } from "./rule-code.js";

/** The code of one field of a message. */
export interface FieldCode {
  readonly part: MessagePart;
  readonly variable: string;
  /** The variable's type. */
  readonly type: string;
  /** Those under which it is read. */
  readonly tags: readonly number[];
  readonly read: readonly string[];
  /** An expression that writes it and tells whether it could. */
  readonly write: string;
  /** Whether its bytes are copied when it has not changed. */
  readonly isKept: boolean;
  /** When a written value is doubtful. */
  readonly rules: readonly string[];
  /** When a list is, all of it read. */
  readonly runRules: readonly string[];
  readonly writeRunRules: readonly string[];
}

/** How the field's variable is called, and the table of its message where unchanged ones of it are copied. */
export interface FieldPlace {
  readonly variable: string;
  readonly keptIn?: string;
}

/** The code of a field. */
export function fieldCode(code: CodecCode, part: MessagePart, place: FieldPlace): FieldCode {
  const { kind } = part;
  switch (kind.type) {
    case "array":
    case "record":
      return runCode(code, part, place);
    case "object":
    case "tuple":
      return messageCode(code, part, place);
    case "union":
    case "null":
      return anyCode(part, place);
    default:
      return scalarCode(code, part, place);
  }
}

interface Scalar {
  readonly type: string;
  readonly wireTypes: readonly [number, ...number[]];
  /** The methods of reader and writer. */
  readonly method: string;
}

const scalars: Readonly<Record<string, Scalar>> = {
  string: { type: "string", wireTypes: [2], method: "string" },
  number: { type: "number", wireTypes: [1, 0], method: "number" },
  integer: { type: "number", wireTypes: [0, 1], method: "whole" },
  boolean: { type: "boolean", wireTypes: [0], method: "boolean" },
  date: { type: "Date | number", wireTypes: [0], method: "date" },
  bigint: { type: "bigint", wireTypes: [2], method: "bigint" },
  bytes: { type: "Uint8Array", wireTypes: [2], method: "data" },
  literal: { type: "unknown", wireTypes: [0], method: "literal" },
};

function scalarCode(code: CodecCode, part: MessagePart, { variable }: FieldPlace): FieldCode {
  const { kind, number, path, words } = part;
  const { type, wireTypes, method } = scalars[kind.type] ?? {
    type: "unknown",
    wireTypes: [2],
    method: "any",
  };
  const values = kind.type === "literal" ? code.enumeration(kind, path, words) : undefined;
  const readArgument = wireTypes.length > 1 ? "tag" : (values ?? "");
  const rules = brokenRules(kind, variable, code.patternsOf(words));
  const [wireType] = wireTypes;
  return {
    ...withoutRuns(part, variable),
    type: type === "unknown" ? type : `${type} | undefined`,
    tags: wireTypes.map((other) => number * 8 + other),
    read: [
      `reader.once(${variable});`,
      `${variable} = reader.${method}(${readArgument});`,
      ...(rules.length === 0 ? [] : [`if (${rules.join(" || ")}) reader.doubt();`]),
    ],
    write: `writer.${method}(${[number * 8 + wireType, variable, ...(values === undefined ? [] : [values])].join(", ")})`,
    rules,
  };
}

function anyCode(part: MessagePart, { variable }: FieldPlace): FieldCode {
  const tag = part.number * 8 + 2;
  const isTagged = holdsTagged(part.kind);
  return {
    ...withoutRuns(part, variable),
    type: "unknown",
    tags: [tag],
    read: [`reader.once(${variable});`, `${variable} = reader.any(${isTagged});`],
    write: `writer.any(${tag}, ${variable}, ${isTagged})`,
    rules: [],
  };
}

function messageCode(code: CodecCode, part: MessagePart, { variable, keptIn }: FieldPlace): FieldCode {
  const { kind, number } = part;
  if (kind.type !== "object" && kind.type !== "tuple") throw new Error("A message is an object or a tuple.");
  const tag = number * 8 + 2;
  const { read, write } = addMessage(code, kind, part);
  const message = `${read}(reader, reader.messageEnd())`;
  const count = kind.type === "tuple" ? kind.items.length : 0;
  const value = kind.type === "tuple" ? `toTuple(reader, ${message}, ${count})` : message;
  const written =
    kind.type === "tuple" ? `toMembers(${variable}, ${count}, ${kind.rest !== undefined})` : variable;
  return {
    ...withoutRuns(part, variable),
    type: `${kind.type === "tuple" ? "unknown[]" : "Members"} | undefined`,
    tags: [tag],
    read: [
      `reader.once(${variable});`,
      `${variable} = ${keptIn === undefined ? value : `reader.kept(${keptIn}, ${number}, start, undefined, ${value})`};`,
    ],
    write: `writer.message(${tag}, ${written}, ${write})`,
    isKept: keptIn !== undefined,
    rules: [],
  };
}

function runCode(code: CodecCode, part: MessagePart, { variable, keptIn }: FieldPlace): FieldCode {
  const { kind, number, path, words } = part;
  if (kind.type !== "array" && kind.type !== "record") throw new Error("A run is a list or a map.");
  const isList = kind.type === "array";
  const wireType = isList ? elementWireType(kind.items) : 2;
  const item = isList
    ? code.constant(
        words,
        "Item",
        itemCode(code, kind.items, { path: scopes.items(path), words: [...words, "item"] }),
      )
    : code.constant(words, "Entries", entriesCode(code, kind, part));
  const method = isList ? "list" : "record";
  const value = `reader.${method}(${variable}, tag, end, ${item})`;
  const rules = brokenRules(kind, variable, code.patternsOf(words));
  return {
    ...withoutRuns(part, variable),
    type: `${isList ? "unknown[]" : "Members"} | undefined`,
    tags: listWireTypes[wireType].map((other) => number * 8 + other),
    read: [
      `${variable} = ${keptIn === undefined ? value : `reader.kept(${keptIn}, ${number}, start, ${variable}, ${value})`};`,
    ],
    write: `writer.${method}(${number * 8 + (wireType === 0 ? 2 : wireType)}, ${variable}, ${item})`,
    isKept: keptIn !== undefined,
    rules: [],
    runRules: rules,
    writeRunRules:
      rules.length === 0
        ? []
        : [`if (Array.isArray(${variable}) && (${rules.join(" || ")})) writer.doubt();`],
  };
}

/** Integers are packed when they are written and may be single; numbers are single, packed ones were integers. */
const listWireTypes = { 0: [2, 0, 1], 1: [1, 2, 0], 2: [2] } as const;

function withoutRuns(part: MessagePart, variable: string) {
  return { part, variable, isKept: false, runRules: [], writeRunRules: [] } as const;
}
