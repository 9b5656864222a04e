import { expect, test } from "vitest";
import { jsonCodec } from "../../../runtime/record/json.js";
import { createRecordFormat } from "../../../runtime/record/record-format.js";
import type { WireFields } from "../../../runtime/record/shape.js";

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
  expect(encode(list(99_999))).toEqual(list(99_999));
  for (const points of [bigintOf(8192), -1n - bigintOf(8192)]) expect(encode({ points })).toEqual({ points });
  const name = ",".repeat(1_000_000);
  expect(encode({ name })).toEqual({ name });
});

test.each([
  ["values", list(100_000), "holds 100001 values; at most 100000"],
  ["bytes of a bigint", { points: bigintOf(8193) }, "a bigint of 8193 bytes; at most 8192"],
  ["bytes", { name: "x".repeat(4 * 1024 * 1024) }, "bytes; at most 4194304"],
])("what could not be read again is not written: too many %s", (_what, fields, message) => {
  expect(() => encode(fields)).toThrow(
    expect.objectContaining({ code: "too-large", message: expect.stringContaining(message) }),
  );
});
