import type { WireValue } from "../../types/shape.js";
import type { BincodeReader } from "./bincode-reader.js";
import type { BincodeWriter } from "./bincode-writer.js";
import { damaged } from "./damaged.js";

/** The variants of the Rust enum `Value`: all that a value in wire form can be. */
const variants = {
  null: 0,
  boolean: 1,
  integer: 2,
  number: 3,
  text: 4,
  bigint: 5,
  bytes: 6,
  list: 7,
  object: 8,
} as const;

/** Writes a value whose kind nothing else tells. Refuses what is no wire value. */
export function writeValue(writer: BincodeWriter, value: unknown): void {
  const variant = variantOf(value);
  if (variant === undefined) {
    writer.refuse();
    return;
  }
  writer.unsigned(variants[variant]);
  writers[variant](writer, value);
}

const writers: Readonly<Record<keyof typeof variants, (writer: BincodeWriter, value: unknown) => void>> = {
  null: () => {},
  boolean: (writer, value) => writer.boolean(value),
  integer: (writer, value) => writer.integer(value),
  number: (writer, value) => writer.number(value),
  text: (writer, value) => writer.string(value),
  bigint: (writer, value) => writer.bigint(value),
  bytes: (writer, value) => writer.data(value),
  list: (writer, value) => writer.list(value, writeValue),
  object: (writer, value) => writer.record(value, writeValue),
};

/** Reads what `writeValue` wrote. Throws when there are more than `levels` of lists and objects in each other. */
export function readValue(reader: BincodeReader, levels: number): WireValue {
  if (levels < 0) throw damaged("values that are nested too deep");
  const readInner = (): WireValue => readValue(reader, levels - 1);
  switch (reader.unsigned()) {
    case variants.null:
      return null;
    case variants.boolean:
      return reader.boolean();
    case variants.integer:
      return reader.integer();
    case variants.number:
      return reader.number();
    case variants.text:
      return reader.string();
    case variants.bigint:
      return reader.bigint();
    case variants.bytes:
      return reader.data();
    case variants.list:
      return reader.list(1, readInner);
    case variants.object:
      return reader.record(readInner);
    default:
      throw damaged("a variant that is unknown");
  }
}

function variantOf(value: unknown): keyof typeof variants | undefined {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "bigint":
      return "bigint";
    case "string":
      return "text";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "integer" : "number";
    case "object":
      if (value instanceof Uint8Array) return "bytes";
      return Array.isArray(value) ? "list" : "object";
    default:
      return undefined;
  }
}
