import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BincodeReader } from "../../../../runtime/codecs/wire/bincode-reader.js";
import { BincodeWriter } from "../../../../runtime/codecs/wire/bincode-writer.js";
import { enumeration } from "../../../../runtime/codecs/wire/enumeration.js";
import { bigints, integers, lengths, numbers, texts } from "./vectors.js";

function written(write: (to: BincodeWriter) => void): string {
  const to = new BincodeWriter(false);
  write(to);
  return Buffer.from(to.finish()).toString("hex");
}

function readAll<Value>(hex: string, read: (from: BincodeReader) => Value): Value {
  const from = new BincodeReader(
    Buffer.from(hex, "hex"),
    { maxBytes: 1000, maxDepth: 8, maxValues: 1000 },
    false,
  );
  const value = read(from);
  from.end();
  return value;
}

describe("bincode's values are those of the crate, both ways", () => {
  it.each(integers)("i64 %d", (value, hex) => {
    expect(written((to) => to.integer(value))).toBe(hex);
    expect(readAll(hex, (from) => from.integer())).toBe(value);
  });

  it.each(lengths)("u64 %d", (value, hex) => {
    expect(written((to) => to.unsigned(value))).toBe(hex);
    expect(readAll(hex, (from) => from.unsigned())).toBe(value);
  });

  it.each(numbers)("f64 %d", (value, hex) => {
    expect(written((to) => to.number(value))).toBe(hex);
    expect(readAll(hex, (from) => from.number())).toBe(value);
  });

  it.each(texts)("String %j", (value, hex) => {
    expect(written((to) => to.string(value))).toBe(hex);
    expect(readAll(hex, (from) => from.string())).toBe(value);
  });

  it.each(bigints)("BigInt %d", (value, hex) => {
    expect(written((to) => to.bigint(value))).toBe(hex);
    expect(readAll(hex, (from) => from.bigint())).toBe(value);
  });

  it("whatever they are", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.bigInt(), fc.string({ unit: "binary" }), (integer, big, text) => {
        expect(
          readAll(
            written((to) => to.integer(integer)),
            (from) => from.integer(),
          ),
        ).toBe(integer);
        expect(
          readAll(
            written((to) => to.bigint(big)),
            (from) => from.bigint(),
          ),
        ).toBe(big);
        expect(
          readAll(
            written((to) => to.string(text)),
            (from) => from.string(),
          ),
        ).toBe(text);
      }),
    );
  });
});

describe("bincode's reader refuses", () => {
  it.each<readonly [what: string, hex: string, read: (from: BincodeReader) => unknown]>([
    ["nothing", "", (from) => from.unsigned()],
    ["no bool", "", (from) => from.boolean()],
    ["a bool of 2", "02", (from) => from.boolean()],
    ["250 in three bytes", "fbfa00", (from) => from.unsigned()],
    ["65535 in five bytes", "fcffff0000", (from) => from.unsigned()],
    ["2^32-1 in nine bytes", "fdffffffff00000000", (from) => from.unsigned()],
    ["an i64 of 2^31 in nine bytes that fits five", "fdffffffff00000000", (from) => from.integer()],
    ["a u64 of 2^53", "fd0000000000002000", (from) => from.unsigned()],
    ["an i64 of 2^53", "fd0000000000004000", (from) => from.integer()],
    ["an i64 of -2^53", "fdffffffffffff3f00", (from) => from.integer()],
    ["a u128", `fe${"00".repeat(16)}`, (from) => from.unsigned()],
    ["a u128 as an i64", `fe${"00".repeat(16)}`, (from) => from.integer()],
    ["the mark that means nothing", "ff", (from) => from.unsigned()],
    ["half an integer", "fb00", (from) => from.unsigned()],
    ["half an i64", "fd000000", (from) => from.integer()],
    ["half a number", "00000000", (from) => from.number()],
    ["a text longer than the bytes", "0261", (from) => from.string()],
    ["bytes longer than the bytes", "fdffffffffffff1f00", (from) => from.data()],
    ["a text that is not UTF-8", "01ff", (from) => from.string()],
    ["a surrogate in UTF-8", "03eda080", (from) => from.string()],
    ["an overlong NUL", "02c080", (from) => from.string()],
    ["more items than bytes", "0300", (from) => from.list(1, () => from.unsigned())],
    ["2^40 items", "fd0000000000010000", (from) => from.list(1, () => from.unsigned())],
    ["2^17 items of no bytes", "fc00000200", (from) => from.list(0, () => null)],
    ["a name twice", "0201610001610000", (from) => from.record(() => from.unsigned())],
    ["a variant that is unknown", "02", (from) => from.variant(enumeration(["a", "b"]))],
    ["a bigint of no bytes", "00", (from) => from.bigint()],
    ["a bigint of a byte too many", "020001", (from) => from.bigint()],
    ["a negative bigint of a byte too many", "02ffff", (from) => from.bigint()],
    ["bytes after the end", "0000", (from) => from.unsigned()],
  ])("%s", (_, hex, read) => {
    expect(() => readAll(hex, read)).toThrow(RangeError);
  });
});
