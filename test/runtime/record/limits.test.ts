import { describe, expect, test } from "vitest";
import type { KindModel } from "../../../generator/model/model.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { createRecordFormat } from "../../../runtime/record/record-format.js";
import type { WireFields, WireValue } from "../../../runtime/types/shape.js";
import { toModel, toShape } from "../../suites/codec-models.js";
import { everyCodec } from "../../suites/every-codec.js";

const shape = {
  list: { kind: { array: "integer" } },
  points: { kind: "bigint" },
  name: { kind: "string" },
} as const;
const format = createRecordFormat({ kind: "session", shapeHash: "x", codec: jsonCodec(shape) });

function encode(fields: WireFields): WireFields {
  const record = format.encode({ meta: { writes: "" }, fields }, "id");
  return format.decode(record).fields;
}

const list = (length: number): WireFields => ({ list: Array.from({ length }, () => 1) });
const bigintOf = (bytes: number): bigint => (1n << BigInt(8 * bytes)) - 1n;

test("what is within the limits is written, and read again", () => {
  expect(encode(list(99_996))).toEqual(list(99_996));
  for (const points of [bigintOf(8192), -1n - bigintOf(8192)]) expect(encode({ points })).toEqual({ points });
  const name = ",".repeat(1_000_000);
  expect(encode({ name })).toEqual({ name });
});

test.each([
  ["values", list(100_000), "holds 100004 values; at most 100000"],
  ["bytes of a bigint", { points: bigintOf(8193) }, "a bigint of 8193 bytes; at most 8192"],
  ["bytes", { name: "x".repeat(4 * 1024 * 1024) }, "bytes; at most 4194304"],
])("what could not be read again is not written: too many %s", (_what, fields, message) => {
  expect(() => encode(fields)).toThrow(
    expect.objectContaining({ code: "too-large", message: expect.stringContaining(message) }),
  );
});

test("a record has 128 levels at most, with the two around its fields", () => {
  const { header } = format.encode({ meta: { writes: "" }, fields: {} }, "id");
  const decode = (levels: number): WireFields => {
    const value = "[".repeat(levels) + "]".repeat(levels);
    const data = Buffer.from(`{"meta":{"writes":""},"fields":{"other":${value}}}`);
    return format.decode({ id: "id", header, data }).fields;
  };
  expect(decode(126)).toHaveProperty("other");
  expect(() => decode(127)).toThrow("damaged");
});

describe.each(everyCodec)("as many values as %s may hold are read again:", (_name, make) => {
  const integers: KindModel = { type: "array", items: { type: "integer" } };
  const nulls: KindModel = { type: "array", items: { type: "nullable", inner: { type: "integer" } } };
  const union: KindModel = { type: "union", members: [{ type: "bigint" }, { type: "string" }] };

  test.each<[string, KindModel, WireValue, number]>([
    ["integers", { type: "integer" }, 1, 1],
    ["empty lists", integers, [], 1],
    ["lists of a null", nulls, [null], 2],
    ["objects of an empty list", { type: "object", members: [{ name: "a", kind: integers }] }, { a: [] }, 2],
    ["bigints below a union", union, 1n, 2],
  ])("%s", async (_what, items, item, valuesIn) => {
    const model = toModel([{ name: "many", kind: { type: "array", items } }]);
    const codec = await make(model, toShape(model));
    await codec.peer?.load();
    const { encode, decode } = createRecordFormat({ kind: "session", shapeHash: "present", codec });
    const meta = { writes: "12345678", rotatedAt: 1, expiry: { idle: 1 } };
    // Six values are the runtime's and the record's own.
    const count = Math.floor((100_000 - 7) / valuesIn);
    const listOf = (length: number): WireFields => ({ many: new Array<WireValue>(length).fill(item) });
    const record = encode({ meta, fields: listOf(count) }, "id");
    expect(decode(record).fields["many"]).toHaveLength(count);
    expect(() => encode({ meta, fields: listOf(count + 1) }, "id")).toThrow("values");
  });
});
