import { describe, expect, test } from "vitest";
import type { FieldModel, KindModel } from "../../../../generator/model/model.js";
import { recordLimits } from "../../../../runtime/record/limits.js";
import type { WireFields } from "../../../../runtime/types/shape.js";
import { toModel } from "../../../suites/codec-models.js";
import { loadGeneratedCodec } from "../../../suites/generated-codec.js";

const text: KindModel = { type: "string" };
const fields: readonly FieldModel[] = [
  { name: "count", kind: { type: "integer" } },
  { name: "name", kind: text },
  { name: "on", kind: { type: "boolean" } },
  { name: "ratio", kind: { type: "number" } },
  { name: "tags", kind: { type: "array", items: text } },
  { name: "inner", kind: { type: "object", members: [{ name: "a", kind: text, optional: true }] } },
  { name: "pair", kind: { type: "tuple", items: [text, text] } },
  { name: "map", kind: { type: "record", keys: text, values: { type: "integer" } } },
  { name: "any", kind: { type: "union", members: [text, { type: "integer" }] } },
  { name: "level", kind: { type: "literal", values: ["low", "high"] } },
  { name: "list", kind: { type: "array", items: { type: "integer" } } },
  { name: "big", kind: { type: "bigint" } },
  { name: "flags", kind: { type: "array", items: { type: "boolean" } } },
  { name: "days", kind: { type: "array", items: { type: "date" } } },
  { name: "levels", kind: { type: "array", items: { type: "literal", values: ["low", "high"] } } },
];
const { codec, decode } = loadGeneratedCodec(toModel(fields), "protobuf");

/** The wire form of a record of these bytes, behind an empty meta. */
function read(...bytes: readonly number[]): WireFields {
  return codec.decode(Uint8Array.of(0, ...bytes), recordLimits).fields;
}

/** The tag of a companion of the message's fields, counted from the highest number down. */
const companion = (down: number): readonly number[] => [0xfa - 8 * down, 0xff, 0xff, 0xff, 0x0f];
const others = companion(0);
const nullFields = companion(1);
const emptyFields = companion(2);
const nullItems = companion(3);

/** A length below zero, down to -128, as an integer of ten bytes. */
const minus = (length: number): readonly number[] => [256 - length, ...Array(8).fill(0xff), 1];

describe("bytes that mean something", () => {
  test.each<[string, readonly number[], WireFields]>([
    ["nothing", [], {}],
    ["an integer of one byte", [8, 127], { count: 127 }],
    ["an integer with zeros that it does not need", [8, 0x81, 0x80, 0], { count: 1 }],
    ["a negative one", [8, ...Array(9).fill(0xff), 1], { count: -1 }],
    ["the least one", [8, 0x81, ...Array(6).fill(0x80), 0xf0, 0xff, 1], { count: Number.MIN_SAFE_INTEGER }],
    ["a text", [18, 2, 0xc3, 0xa9], { name: "é" }],
    ["a replacement character", [18, 3, 0xef, 0xbf, 0xbd], { name: "\ufffd" }],
    ["elements apart from one another", [42, 1, 97, 8, 1, 42, 1, 98], { tags: ["a", "b"], count: 1 }],
    [
      "an element whose tag takes more bytes than it needs",
      [42, 1, 97, 0xaa, 0, 1, 98],
      { tags: ["a", "b"] },
    ],
    [
      "an entry whose tag does",
      [66, 5, 10, 1, 97, 16, 5, 0xc2, 0, 5, 10, 1, 98, 16, 6],
      { map: { a: 5, b: 6 } },
    ],
    ["integers packed and single", [90, 2, 1, 2, 88, 3], { list: [1, 2, 3] }],
    ["an entry without its key", [66, 2, 16, 5], { map: { "": 5 } }],
    ["an empty list and an empty map", [...emptyFields, 2, 5, 8], { tags: [], map: {} }],
    ["an empty object", [50, 0], { inner: {} }],
    [
      "a value of another type, under its name",
      [...others, 10, 10, 4, 110, 97, 109, 101, 18, 2, 32, 7],
      { name: 7 },
    ],
    ["a null where none is allowed", [...nullFields, 1, 2], { name: null }],
    ["nulls in a list", [42, 1, 97, ...nullItems, 6, 8, 5, 18, 2, 0, 2], { tags: [null, "a", null] }],
    ["nulls in a map", [...nullItems, 5, 8, 8, 26, 1, 97], { map: { a: null } }],
    ["a code of a later version", [80, 9], { level: { $code: 9 } }],
    ["a bigint of more bytes than it needs", [98, 3, 0, 0, 200], { big: 200n }],
  ])("%s", (_what, bytes, expected) => {
    expect(read(...bytes)).toEqual(expected);
  });
});

describe("bytes that mean nothing", () => {
  test.each<[string, readonly number[]]>([
    ["a tag without its value", [8]],
    ["half an integer", [8, 0x80]],
    ["an integer of eleven bytes", [8, ...Array(10).fill(0x80), 1]],
    ["an integer of 65 bits", [8, ...Array(9).fill(0x80), 2]],
    ["2^53", [8, ...Array(7).fill(0x80), 16]],
    ["-2^53 - 1", [8, 0xff, ...Array(6).fill(0xff), 0xef, 0xff, 1]],
    ["a field number of zero", [0]],
    ["a trailing zero", [8, 1, 0]],
    ["a tag of more than 32 bits", [0x80, 0x80, 0x80, 0x80, 0x10, 1]],
    ["a group", [0xfb, 1]],
    ["the end of a group", [0xfc, 1]],
    ["a wire type that does not exist", [0xfe, 1, 0]],
    ["a field twice", [8, 1, 8, 2]],
    ["a message twice", [50, 0, 50, 0]],
    ["another wire type", [16, 1]],
    ["another wire type of a list", [40, 1]],
    ["eight bytes for a boolean of a list", [105, 1, 105, 1]],
    ["eight bytes for a date of a list", [113, 1]],
    ["eight bytes for a value of a list of enums", [121, 1]],
    ["a boolean of 2", [24, 2]],
    ["a text longer than the bytes", [18, 5, 97]],
    ["a text of negative length", [18, ...Array(9).fill(0xff), 1]],
    ["a byte that is no UTF-8", [18, 1, 0xff]],
    ["an overlong form", [18, 2, 0xc0, 0xaf]],
    ["a surrogate", [18, 3, 0xed, 0xa0, 0x80]],
    ["half a number", [33, 0, 0, 0]],
    ["a message longer than the bytes", [50, 4, 10, 1, 97]],
    ["a field that ends behind its message", [50, 2, 10, 1, 97]],
    ["a list that ends within an integer", [90, 1, 0x80, 1]],
    ["a tuple without its second element", [58, 3, 10, 1, 97]],
    ["an entry without its value", [66, 3, 10, 1, 97]],
    ["an entry with two keys", [66, 8, 10, 1, 97, 10, 1, 98, 16, 1]],
    ["an entry with something else", [66, 4, 16, 1, 24, 1]],
    ["a key twice", [66, 5, 10, 1, 97, 16, 1, 66, 5, 10, 1, 97, 16, 2]],
    ["a value of no type", [74, 0]],
    ["a value of two types", [74, 4, 32, 1, 40, 1]],
    ["a null that is false", [74, 2, 8, 0]],
    ["an empty field that is no list", [...emptyFields, 1, 1]],
    ["a list that is empty and is not", [42, 1, 97, ...emptyFields, 1, 5]],
    ["a list that is empty twice", [...emptyFields, 2, 5, 5]],
    ["a field that is null and is not", [8, 1, ...nullFields, 1, 1]],
    ["a null beyond the list", [42, 1, 97, ...nullItems, 5, 8, 5, 18, 1, 9]],
    ["nulls out of order", [...nullItems, 6, 8, 5, 18, 2, 1, 0]],
    ["nulls in a text", [...nullItems, 5, 8, 2, 18, 1, 0]],
    ["a null under a key that is there", [66, 5, 10, 1, 97, 16, 1, ...nullItems, 5, 8, 8, 26, 1, 97]],
    [
      "a member that is there under its number",
      [18, 0, ...others, 10, 10, 4, 110, 97, 109, 101, 18, 2, 32, 7],
    ],
    ["an unknown field that is cut", [0xa2, 1, 9, 1]],
    ["an unknown field whose length leads back to its start", [0xa2, 6, ...minus(12)]],
    ["a message whose length leads back", [50, ...minus(11)]],
    ["members that end within an entry", [74, 11, 74, 1, 10, 7, 10, 1, 97, 18, 2, 40, 1]],
    ["nulls of one list, told twice", [...nullItems, 5, 8, 5, 18, 1, 0, ...nullItems, 5, 8, 5, 18, 1, 1]],
  ])("%s", (_what, bytes) => {
    expect(() => read(...bytes)).toThrow(RangeError);
    expect(() => decode(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ name: "SessionError", code: "invalid" }),
    );
  });
});

describe("limits", () => {
  const nested = (levels: number): readonly number[] => {
    let value = [40, 1];
    for (let level = 1; level < levels; level += 1) {
      const item = [10, value.length, ...value];
      value = [66, item.length, ...item];
    }
    return [74, value.length, ...value];
  };

  test("depth, by one level", () => {
    const limits = { ...recordLimits, maxDepth: 8 };
    expect(codec.decode(Uint8Array.of(0, ...nested(8)), limits).fields).toHaveProperty("any");
    expect(() => codec.decode(Uint8Array.of(0, ...nested(9)), limits)).toThrow("deep");
  });

  test("values, by one", () => {
    const limits = { ...recordLimits, maxValues: 2 };
    expect(codec.decode(Uint8Array.of(0, 42, 0, 42, 0), limits).fields).toEqual({ tags: ["", ""] });
    expect(() => codec.decode(Uint8Array.of(0, 42, 0, 42, 0, 42, 0), limits)).toThrow("many");
  });

  test("values of fields that are not known, and what is told of nulls", () => {
    const limits = { ...recordLimits, maxValues: 2 };
    const unknown = [0xa0, 6, 1];
    const nulls = (field: number): readonly number[] => [...nullItems, 2, 8, field];
    for (const part of [() => unknown, (at: number) => nulls(100 + at)]) {
      const bytes = (count: number): Uint8Array =>
        Uint8Array.from([0, ...Array.from({ length: count }, (_, at) => part(at)).flat()]);
      expect(codec.decode(bytes(2), limits).fields).toBeDefined();
      expect(() => codec.decode(bytes(3), limits)).toThrow("many");
    }
  });

  test("a bigint, by one byte, of which the sign is another", () => {
    const longest = 2n ** (8n * 8192n) - 1n;
    for (const big of [longest, -longest - 1n]) {
      const bytes = codec.encode({ meta: { writes: "" }, fields: { big } });
      expect(codec.decode(bytes, recordLimits).fields).toEqual({ big });
    }
    expect(() => read(98, 0x82, 0x40, ...Array(8194).fill(1))).toThrow("too long");
  });
});
