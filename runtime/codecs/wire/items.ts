import { damaged } from "./damaged.js";
import type { Enumeration } from "./enumeration.js";
import { addExtras, type Extras, readExtra } from "./extras.js";
import type { Entries, Item } from "./item.js";
import { type Members, type MessageFields, messageFields } from "./message-fields.js";
import type { ProtobufReader } from "./protobuf-reader.js";
import type { ProtobufWriter, WriteMessage } from "./protobuf-writer.js";
import { toMembers, toTuple } from "./tuple.js";

/** Whether a value keeps the rules of its kind; all do where there is no test. */
type Test<Value> = (value: Value) => boolean;

/** A text. */
export function stringItem(test?: Test<string>): Item {
  return {
    ...ofType(2),
    read: (reader) => tested(reader, reader.string(), test),
    write: (writer, tag, value) => writer.string(tag, value) && passed(writer, value, test),
  };
}

/** A safe integer. */
export function integerItem(test?: Test<number>): Item {
  return {
    ...ofType(0, 1),
    read: (reader, wireType) => tested(reader, reader.whole(wireType), test),
    write: (writer, tag, value) => writer.whole(tag, value) && passed(writer, value, test),
  };
}

/** Never packed, so that integers, which are, can be told from them. */
export function numberItem(test?: Test<number>): Item {
  return {
    ...ofType(1, 0),
    read: (reader, wireType) => tested(reader, reader.number(wireType), test),
    write: (writer, tag, value) => writer.number(tag, value) && passed(writer, value, test),
  };
}

/** `true` or `false`. */
export function booleanItem(): Item {
  return {
    ...ofType(0),
    read: (reader) => reader.boolean(),
    write: (writer, tag, value) => writer.boolean(tag, value),
  };
}

/** A date, as its epoch milliseconds. */
export function dateItem(test?: Test<Date | number>): Item {
  return {
    ...ofType(0),
    read: (reader) => tested(reader, reader.date(), test),
    write: (writer, tag, value) => writer.date(tag, value) && passed(writer, value, test),
  };
}

/** A bigint, as bytes in two's complement. */
export function bigintItem(test?: Test<bigint>): Item {
  return {
    ...ofType(2),
    read: (reader) => tested(reader, reader.bigint(), test),
    write: (writer, tag, value) => writer.bigint(tag, value) && passed(writer, value, test),
  };
}

/** Bytes. */
export function dataItem(test?: Test<Uint8Array>): Item {
  return {
    ...ofType(2),
    read: (reader) => tested(reader, reader.data(), test),
    write: (writer, tag, value) => writer.data(tag, value) && passed(writer, value, test),
  };
}

/** A value of an enum, as its code. */
export function literalItem(literals: Enumeration): Item {
  return {
    ...ofType(0),
    read: (reader) => reader.literal(literals),
    write: (writer, tag, value) => writer.literal(tag, value, literals),
  };
}

/** What describes itself; null too. */
export function anyItem(isTagged: boolean): Item {
  return {
    ...ofType(2),
    isNull: true,
    read: (reader) => reader.any(isTagged),
    write: (writer, tag, value) => writer.any(tag, value, isTagged),
  };
}

/** An object, as a message of its own. */
export function messageItem(
  read: (reader: ProtobufReader, end: number) => Members,
  write: WriteMessage,
): Item {
  return {
    ...ofType(2),
    read: (reader) => read(reader, reader.messageEnd()),
    write: (writer, tag, value) => writer.message(tag, value, write),
  };
}

/** A tuple of `count` elements, and of any number of others where its message has a field for them. */
export function tupleItem(
  count: number,
  hasRest: boolean,
  read: (reader: ProtobufReader, end: number) => Members,
  write: WriteMessage,
): Item {
  return {
    ...ofType(2),
    read: (reader) => toTuple(reader, read(reader, reader.messageEnd()), count),
    write: (writer, tag, value) => writer.message(tag, toMembers(value, count, hasRest), write),
  };
}

/** The same elements, of which some may be null. */
export function nullableItem(item: Item): Item {
  return { ...item, isNullable: true };
}

/** A list as an element: a message whose first field is the list. */
export function listItem(item: Item, test?: Test<readonly unknown[]>): Item {
  const tag = 8 | (item.wireType === 0 ? 2 : item.wireType);
  return {
    ...ofType(2),
    read(reader) {
      const only = readOnly(reader, onlyList, (before, part, end) =>
        reader.list(before as unknown[] | undefined, part, end, item),
      );
      return tested(reader, (only ?? []) as unknown[], test);
    },
    write(writer, outer, value) {
      if (!Array.isArray(value)) return false;
      const start = writer.open(outer);
      const isWritten = writer.list(tag, value, item);
      writer.close(start);
      return isWritten && passed(writer, value, test);
    },
  };
}

/** A map as an element: a message whose first field is the map. */
export function recordItem(entries: Entries): Item {
  return {
    ...ofType(2),
    read: (reader) =>
      readOnly(reader, onlyRecord, (before, part, end) =>
        reader.record(before as Members | undefined, part, end, entries),
      ) ?? {},
    write(writer, outer, value) {
      const start = writer.open(outer);
      const isWritten = writer.record(10, value, entries);
      writer.close(start);
      return isWritten;
    },
  };
}

/** The entries of a map: its values, and whether a key keeps the rules. */
export function entriesOf(value: Item, isKey?: (key: string) => boolean): Entries {
  return { value, isKey };
}

const onlyList = messageFields({ 1: { name: "only", holds: "list" } });
const onlyRecord = messageFields({ 1: { name: "only", holds: "record" } });

type ReadRun = (before: unknown, tag: number, end: number) => unknown;

/** The only field of a message. */
function readOnly(reader: ProtobufReader, fields: MessageFields, readRun: ReadRun): unknown {
  const end = reader.messageEnd();
  const members: Members = {};
  let extras: Extras | undefined;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag >>> 3 === 1) members["only"] = readRun(members["only"], tag, end);
    else extras = readExtra(reader, tag, extras, fields);
  }
  reader.finishAt(end);
  if (extras !== undefined) addExtras(reader, members, extras, fields);
  if (Object.keys(members).some((name) => name !== "only")) throw damaged("a list with something else in it");
  return members["only"];
}

function ofType(
  ...wireTypes: readonly [Item["wireType"], ...number[]]
): Pick<Item, "wireType" | "wireTypes"> {
  return { wireType: wireTypes[0], wireTypes };
}

function tested<Value>(reader: ProtobufReader, value: Value, test: Test<Value> | undefined): Value {
  if (test !== undefined && !test(value)) reader.doubt();
  return value;
}

/** Always true: it was written, whether it keeps the rules or not. */
function passed<Value>(writer: ProtobufWriter, value: Value, test: Test<Value> | undefined): true {
  if (test !== undefined && !test(value)) writer.doubt();
  return true;
}
