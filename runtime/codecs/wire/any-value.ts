import type { WireValue } from "../../types/shape.js";
import { toTwosComplement } from "../bigint-bytes.js";
import { damaged } from "./damaged.js";
import { type Members, setMember } from "./message-fields.js";
import type { ProtobufReader } from "./protobuf-reader.js";
import type { ProtobufWriter } from "./protobuf-writer.js";

/** The tags of `message AnyValue`, whose one field says what a value is. */
const tags = {
  null: 8,
  text: 18,
  number: 25,
  integer: 32,
  boolean: 40,
  bytes: 50,
  bigint: 58,
  list: 66,
  members: 74,
} as const;

/** Writes the fields of an `AnyValue`. */
export function writeAnyValue(writer: ProtobufWriter, value: WireValue): void {
  if (value === null) writer.boolean(tags.null, true);
  else if (typeof value === "string") writer.string(tags.text, value);
  else if (typeof value === "boolean") writer.boolean(tags.boolean, value);
  else if (typeof value === "bigint") writer.data(tags.bigint, toTwosComplement(value));
  else if (typeof value === "number") writeNumber(writer, value);
  else if (value instanceof Uint8Array) writer.data(tags.bytes, value);
  else if (Array.isArray(value)) writeList(writer, value);
  else if (typeof value === "object") writeMembers(writer, Object.entries(value));
  else writer.refuse();
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) writer.whole(tags.integer, value);
  else if (!writer.number(tags.number, value)) writer.refuse();
}

function writeList(writer: ProtobufWriter, items: readonly WireValue[]): void {
  const start = writer.open(tags.list);
  for (const item of items) {
    const inner = writer.open(10);
    writeAnyValue(writer, item);
    writer.close(inner);
  }
  writer.close(start);
}

function writeMembers(writer: ProtobufWriter, members: readonly (readonly [string, WireValue])[]): void {
  const start = writer.open(tags.members);
  for (const [name, member] of members) if (member !== undefined) writeEntry(writer, 10, name, member);
  writer.close(start);
}

/** Writes an entry of a `map<string, AnyValue>`. */
export function writeEntry(writer: ProtobufWriter, tag: number, name: string, value: WireValue): void {
  const entry = writer.open(tag);
  writer.string(10, name);
  const inner = writer.open(18);
  writeAnyValue(writer, value);
  writer.close(inner);
  writer.close(entry);
}

/** Reads the fields of an `AnyValue` that ends at `end`. */
export function readAnyValue(reader: ProtobufReader, end: number, depth: number): WireValue {
  if (depth <= 0) throw damaged("values that are nested too deep");
  const tag = reader.position < end ? reader.tag() : 0;
  const value = readTagged(reader, tag, depth);
  reader.finishAt(end);
  return value;
}

function readTagged(reader: ProtobufReader, tag: number, depth: number): WireValue {
  switch (tag) {
    case tags.null:
      if (!reader.boolean()) throw damaged("a null that is none");
      return null;
    case tags.text:
      return reader.string();
    case tags.number:
      return reader.number(tag);
    case tags.integer:
      return reader.integer();
    case tags.boolean:
      return reader.boolean();
    case tags.bytes:
      return reader.data();
    case tags.bigint:
      return reader.bigint();
    case tags.list:
      return readList(reader, reader.messageEnd(), depth);
    case tags.members: {
      const members: Members = {};
      const end = reader.messageEnd();
      while (reader.position < end) {
        if (reader.tag() !== 10) throw damaged("members that are none");
        readEntry(reader, members, depth - 1);
      }
      reader.finishAt(end);
      return members as { readonly [member: string]: WireValue };
    }
    default:
      throw damaged("a value of no type");
  }
}

function readList(reader: ProtobufReader, end: number, depth: number): WireValue {
  const items: WireValue[] = [];
  while (reader.position < end) {
    if (reader.tag() !== 10) throw damaged("a list of something else");
    reader.countValue();
    items.push(readAnyValue(reader, reader.messageEnd(), depth - 1));
  }
  reader.finishAt(end);
  return items;
}

/** Reads an entry of a `map<string, AnyValue>` into members, of which none may have its name. */
export function readEntry(reader: ProtobufReader, members: Members, depth: number): string {
  reader.countValue();
  const end = reader.messageEnd();
  if (reader.position === end || reader.tag() !== 10) throw damaged("an entry of a map without its key");
  const name = reader.string();
  if (Object.hasOwn(members, name)) throw damaged("a key of a map that is there twice");
  if (reader.position >= end || reader.tag() !== 18) throw damaged("an entry of a map without its value");
  setMember(members, name, readAnyValue(reader, reader.messageEnd(), depth));
  reader.finishAt(end);
  return name;
}
