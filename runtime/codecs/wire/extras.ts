import { unknownMembers } from "../../record/wire.js";
import { readEntry } from "./any-value.js";
import { damaged } from "./damaged.js";
import {
  companions,
  keptName,
  lengthTag,
  type Members,
  type MessageField,
  type MessageFields,
  memberOf,
  setMember,
} from "./message-fields.js";
import type { ProtobufReader } from "./protobuf-reader.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** What a message holds besides its own fields: those of other versions, and what `companions` say of its fields. */
export interface Extras {
  /** Fields that are not known here, as they stand in the bytes. */
  readonly kept: Uint8Array[];
  readonly nullFields: Set<number>;
  readonly emptyFields: Set<number>;
  /** By field. */
  readonly nullItems: Map<number, NullItems>;
  readonly others: Members;
}

/** Where a list or a map holds null. */
interface NullItems {
  readonly field: number;
  readonly positions: number[];
  readonly keys: string[];
}

/** Reads a field that generated code does not read. Throws when it is one of the message with another type. */
export function readExtra(
  reader: ProtobufReader,
  tag: number,
  before: Extras | undefined,
  fields: MessageFields,
): Extras {
  const extras = before ?? noExtras();
  switch (tag) {
    case lengthTag(companions.others):
      readEntry(reader, extras.others, reader.maxDepth);
      break;
    case lengthTag(companions.nullFields):
      readFieldNumbers(reader, extras.nullFields, fields);
      break;
    case lengthTag(companions.emptyFields):
      readFieldNumbers(reader, extras.emptyFields, fields);
      break;
    case lengthTag(companions.nullItems):
      addNullItems(reader, extras.nullItems, fields);
      break;
    default:
      if (fields.byNumber[tag >>> 3] !== undefined) throw damaged("a field of another type");
      reader.countValue();
      extras.kept.push(skipField(reader, tag));
  }
  return extras;
}

function noExtras(): Extras {
  return {
    kept: [],
    nullFields: new Set(),
    emptyFields: new Set(),
    nullItems: new Map(),
    others: {},
  };
}

/** Numbers of fields. Those of this version are few, and count as values where they are values; others might be any number. */
function readFieldNumbers(reader: ProtobufReader, before: Set<number>, { byNumber }: MessageFields): void {
  const end = reader.messageEnd();
  while (reader.position < end) {
    const number = reader.integer();
    if (before.has(number)) throw damaged("a field that is there twice");
    if (byNumber[number] === undefined) reader.countValue();
    before.add(number);
  }
  reader.finishAt(end);
}

function readNumbers(reader: ProtobufReader, numbers: number[]): void {
  const end = reader.messageEnd();
  while (reader.position < end) {
    reader.countValue();
    numbers.push(reader.integer());
  }
  reader.finishAt(end);
}

function addNullItems(
  reader: ProtobufReader,
  before: Map<number, NullItems>,
  { byNumber }: MessageFields,
): void {
  const nulls = readNullItems(reader);
  if (byNumber[nulls.field] === undefined) reader.countValue();
  // Each time the whole list would be put together anew.
  if (before.has(nulls.field)) throw damaged("the nulls of a field, told twice");
  before.set(nulls.field, nulls);
}

function readNullItems(reader: ProtobufReader): NullItems {
  const end = reader.messageEnd();
  const positions: number[] = [];
  const keys: string[] = [];
  let field = 0;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 8) field = reader.integer();
    else if (tag === 18) readNumbers(reader, positions);
    else if (tag === 26) {
      reader.countValue();
      keys.push(reader.string());
    } else throw damaged("something else where nulls are told");
  }
  reader.finishAt(end);
  return { field, positions, keys };
}

/** The bytes of a field with its tag. */
function skipField(reader: ProtobufReader, tag: number): Uint8Array {
  const writer = new ProtobufWriter(false);
  writer.integer(tag);
  const start = reader.position;
  switch (tag & 7) {
    case 0:
      while ((reader.bytes[reader.advance(1) - 1] ?? 0) >= 0x80);
      if (reader.position - start > 10) throw damaged("an integer of more than 64 bits");
      break;
    case 1:
      reader.advance(8);
      break;
    case 2:
      reader.advance(reader.integer());
      break;
    case 5:
      reader.advance(4);
      break;
    default:
      throw damaged("a field of no type");
  }
  writer.raw(reader.bytes.subarray(start, reader.position));
  return writer.finish();
}

/** Adds to the members of a message what its extras say. */
export function addExtras(
  reader: ProtobufReader,
  members: Members,
  extras: Extras,
  fields: MessageFields,
): void {
  const kept = [...extras.kept];
  const unknown: Members = {};
  for (const number of extras.emptyFields) {
    const field = fields.byNumber[number];
    if (field === undefined) kept.push(fieldNumber(companions.emptyFields, number));
    else setNew(members, field, emptyOf(field));
    if (field?.isFilled) reader.doubt();
  }
  for (const number of extras.nullFields) {
    const field = fields.byNumber[number];
    if (field === undefined) kept.push(fieldNumber(companions.nullFields, number));
    else setNew(members, field, null);
    if (field !== undefined && field.isNullable !== true) reader.doubt();
  }
  for (const nulls of extras.nullItems.values()) {
    const field = fields.byNumber[nulls.field];
    if (field === undefined) kept.push(nullItemsField(nulls));
    else addNulls(reader, members, field, nulls);
  }
  for (const [name, value] of Object.entries(extras.others)) {
    const isKnown = fields.names.has(name);
    if (isKnown && memberOf(members, name) !== undefined) throw damaged("a field that is there twice");
    if (isKnown) reader.doubt();
    setMember(isKnown ? members : unknown, name, value);
  }
  if (kept.length > 0) unknown[keptName] = Buffer.concat(kept).toString("base64");
  addUnknown(reader, members, unknown);
  if (fields.required.some((name) => memberOf(members, name) === undefined)) reader.doubt();
}

function addUnknown(reader: ProtobufReader, members: Members, unknown: Members): void {
  const names = Object.keys(unknown);
  if (names.length === 0) return;
  if (reader.isApp) Object.assign(members, { [unknownMembers]: unknown });
  else for (const name of names) setMember(members, name, unknown[name]);
}

function setNew(members: Members, { name }: MessageField, value: unknown): void {
  if (memberOf(members, name) !== undefined) throw damaged("a field that is there twice");
  setMember(members, name, value);
}

function emptyOf({ holds }: MessageField): unknown {
  if (holds === undefined) throw damaged("a field that cannot be empty");
  return holds === "list" ? [] : {};
}

function addNulls(reader: ProtobufReader, members: Members, field: MessageField, nulls: NullItems): void {
  reader.doubt();
  if (field.holds === undefined) throw damaged("a field that holds no nulls");
  const before = memberOf(members, field.name);
  if (field.holds === "list") setMember(members, field.name, withNulls(before, nulls));
  else setMember(members, field.name, withNullMembers(reader, before, nulls));
}

function withNulls(before: unknown, { positions, keys }: NullItems): unknown[] {
  const items = Array.isArray(before) ? before : [];
  const length = items.length + positions.length;
  const isPlaced = positions.every(
    (place, index) => place >= 0 && place < length && (index === 0 || place > (positions[index - 1] ?? 0)),
  );
  if (!isPlaced || keys.length > 0) throw damaged("nulls that are in no place");
  const places = new Set(positions);
  const others = items.values();
  return Array.from({ length }, (_, index): unknown => (places.has(index) ? null : others.next().value));
}

function withNullMembers({ runs }: ProtobufReader, before: unknown, { positions, keys }: NullItems): Members {
  const members = (before ?? {}) as Members;
  runs.remove(members);
  if (positions.length > 0) throw damaged("nulls that are in no place");
  for (const key of keys) {
    if (Object.hasOwn(members, key)) throw damaged("a key of a map that is there twice");
    setMember(members, key, null);
  }
  return members;
}

function fieldNumber(companion: number, number: number): Uint8Array {
  const writer = new ProtobufWriter(false);
  writer.numbers(companion, [number]);
  return writer.finish();
}

function nullItemsField({ field, positions, keys }: NullItems): Uint8Array {
  const writer = new ProtobufWriter(false);
  writer.nullItems(field, positions, keys);
  return writer.finish();
}
