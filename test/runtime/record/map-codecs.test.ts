import * as msgpack from "@msgpack/msgpack";
import { cborCodec } from "@session-gen/runtime/codecs/cbor";
import { msgpackCodec } from "@session-gen/runtime/codecs/msgpack";
import * as cborg from "cborg";
import { bigIntDecoder, bigNegIntDecoder } from "cborg/taglib";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { recordLimits } from "../../../runtime/record/limits.js";
import { wireEquals } from "../../../runtime/record/wire-equals.js";
import type { Codec } from "../../../runtime/types/codec.js";
import type { WireFields } from "../../../runtime/types/shape.js";
import { toWire } from "../../suites/codec.js";
import { sessionData } from "../../suites/codec-fixture.js";
import { shape } from "../fixture/generated/shape.js";

/** A format, and another decoder and encoder of it than ours. */
interface Format {
  readonly codec: Codec;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly encode: (value: unknown) => Uint8Array;
  /** Bytes in hexadecimal digits for `{ meta: { writes: "" }, fields: { a: … } }`, up to the value. */
  readonly head: string;
}

const tags = { 2: bigIntDecoder, 3: bigNegIntDecoder };
const formats: Readonly<Record<"msgpack" | "cbor", Format>> = {
  msgpack: {
    codec: msgpackCodec(shape),
    decode: (bytes) => msgpack.decode(bytes),
    encode: (value) => msgpack.encode(value),
    head: "82a46d65746181a6777269746573a0a66669656c647381a161",
  },
  cbor: {
    codec: cborCodec(shape),
    decode: (bytes) => cborg.decode(bytes, { tags }),
    encode: (value) => cborg.encode(value),
    head: "a2646d657461a166777269746573606666 69656c6473a16161".replaceAll(" ", ""),
  },
};

const meta = { writes: "12345678" };
const fromHex = (digits: string): Uint8Array =>
  new Uint8Array(Buffer.from(digits.replaceAll(" ", ""), "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

beforeAll(async () => {
  for (const { codec } of Object.values(formats)) await codec.peer?.load();
});

/** Without what the formats hold in a way of their own. */
const plainData = sessionData.map(({ balance: _b, points: _p, mixed: _m, ...rest }) => rest);

describe.each(Object.entries(formats))("%s", (_name, { codec, decode, encode, head }) => {
  const read = (digits: string): WireFields => codec.decode(fromHex(head + digits), recordLimits).fields;

  test("another decoder reads what is written", () => {
    fc.assert(
      fc.property(plainData, (data) => {
        const fields = toWire(shape, data);
        const theirs = decode(codec.encode({ meta, fields })) as { meta: object; fields: WireFields };
        expect(theirs.meta).toEqual(meta);
        expect(wireEquals(theirs.fields, fields)).toBe(true);
      }),
    );
  });

  test("what another encoder writes is read", () => {
    fc.assert(
      fc.property(plainData, ({ picture: _picture, ...data }) => {
        // Neither encoder keeps the sign of -0, and nor does JSON.
        const fields: WireFields = JSON.parse(JSON.stringify(toWire(shape, data)));
        const read = codec.decode(encode({ meta, fields }), recordLimits);
        expect(wireEquals(read.fields, fields)).toBe(true);
      }),
    );
  });

  test("fields stand in the order of the shape, so that equal sessions have equal bytes", () => {
    const one = codec.encode({ meta, fields: { name: "a", userId: 1, later: true } });
    const other = codec.encode({ meta, fields: { later: true, userId: 1, name: "a" } });
    expect(toHex(one)).toBe(toHex(other));
  });

  test("a bigint that is too long to be converted in little time is not read", () => {
    const long = codec.encode({ meta, fields: { points: 1n << 70_000n } });
    const points = (() => {
      try {
        return codec.decode(long, recordLimits).fields["points"];
      } catch {
        return undefined;
      }
    })();
    expect(typeof points).not.toBe("bigint");
  });

  test("every prefix of a record is refused, and so is every byte after it", () => {
    const whole = codec.encode({ meta, fields: toWire(shape, { name: "é", points: 12n, tags: ["a"] }) });
    expect(codec.decode(whole, recordLimits).fields["name"]).toBe("é");
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => codec.decode(whole.subarray(0, length), recordLimits), `${length} bytes`).toThrow();
    }
    for (const byte of [0, 0x80, 0xa0, 0xc0, 0xff]) {
      expect(() => codec.decode(Uint8Array.of(...whole, byte), recordLimits)).toThrow("after the end");
    }
  });

  test("levels and values are limited", () => {
    const nested = (levels: number): WireFields =>
      JSON.parse(`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`) as WireFields;
    const decodeWith = (fields: WireFields, limits: Partial<typeof recordLimits>) =>
      codec.decode(codec.encode({ meta, fields }), { ...recordLimits, ...limits });
    expect(decodeWith(nested(6), { maxDepth: 8 }).fields).toHaveProperty("a");
    expect(() => decodeWith(nested(7), { maxDepth: 8 })).toThrow("8 levels");
    const list = { a: Array.from({ length: 20 }, () => 0) };
    expect(decodeWith(list, { maxValues: 24 }).fields).toHaveProperty("a");
    expect(() => decodeWith(list, { maxValues: 23 })).toThrow("23 values");
  });

  test("what is no map of meta and fields is refused", () => {
    for (const value of [null, 1, "a", [], {}, { meta: {} }, { meta: {}, fields: [] }, { fields: null }]) {
      expect(() => codec.decode(encode(value), recordLimits)).toThrow("meta and fields");
    }
  });

  test("names of prototypes are members like others, and change none", () => {
    const json = '{"__proto__":{"polluted":1},"constructor":1,"then":2,"counts":{"toJSON":3}}';
    const bytes = codec.encode({ meta, fields: JSON.parse(json) });
    const { fields } = codec.decode(bytes, recordLimits);
    expect(Object.keys(fields).sort()).toEqual(["__proto__", "constructor", "counts", "then"]);
    expect(Object.getOwnPropertyDescriptor(fields, "__proto__")?.value).toEqual({ polluted: 1 });
    expect(Reflect.get(fields, "polluted")).toBeUndefined();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("the head that the cases below begin with is right", () => {
    expect(read("01")).toEqual({ a: 1 });
  });
});

test("a bigint is a bignum in CBOR, and two's complement in MessagePack, as other decoders see it", () => {
  for (const value of [0n, 1n, -1n, 127n, 128n, -128n, -129n, 2n ** 64n, -(2n ** 64n), 2n ** 200n]) {
    const written = (format: Format) =>
      (format.decode(format.codec.encode({ meta, fields: { points: value } })) as { fields: WireFields })
        .fields["points"];
    expect(written(formats.cbor)).toBe(value);
    const bytes = written(formats.msgpack);
    if (!(bytes instanceof Uint8Array)) throw new Error("no binary");
    expect(BigInt.asIntN(8 * bytes.length, BigInt(`0x${toHex(bytes)}`))).toBe(value);
  }
});

describe("refused in CBOR", () => {
  test.each([
    ["an indefinite array", "9f01ff", "indefinite"],
    ["an indefinite map", "bf616101ff", "indefinite"],
    ["an indefinite text", "7f6161ff", "indefinite"],
    ["an indefinite byte string", "5f4101ff", "indefinite"],
    ["a reserved length", "5c", "reserved"],
    ["undefined", "f7", "simple value"],
    ["an unassigned simple value", "f0", "simple value"],
    ["NaN", "fb7ff8000000000000", "finite"],
    ["NaN of four bytes", "fa7fc00000", "finite"],
    ["NaN of two bytes", "f97e00", "finite"],
    ["an infinity", "fbfff0000000000000", "finite"],
    ["a date of its own", "c11a514b67b0", "unknown tag"],
    ["a tag of records", "d9dfff8019e00081616101", "unknown tag"],
    ["a shared reference", "d81d00", "unknown tag"],
    ["a bignum that is a text", "c26161", "no byte string"],
    ["a name that comes twice", "a2616101616102", "twice"],
    ["a name that is a number", "a10102", "no text"],
    ["a name that is bytes", "a1416102", "no text"],
    ["invalid UTF-8", "62c328", "UTF-8"],
    ["a surrogate in UTF-8", "63eda080", "UTF-8"],
    ["invalid UTF-8 in a name", "a161ff01", "UTF-8"],
    ["more items than bytes", "9a00ffffff", "too early"],
    ["more members than bytes", "ba00ffffff", "too early"],
    ["a length beyond all memory", "5bffffffffffffffff", "no number"],
    ["an integer that no number holds", "1b0020000000000000", "no number"],
  ])("%s", (_what, digits, message) => {
    const { codec, head } = formats.cbor;
    expect(() => codec.decode(fromHex(head + digits), recordLimits)).toThrow(message);
  });
});

describe("refused in MessagePack", () => {
  test.each([
    ["an extension", "c70142 05", "extension"],
    ["a fixed extension", "d44205", "extension"],
    ["a timestamp", "d6ff 514b67b0", "extension"],
    ["a record of msgpackr", "d4724081a16101", "extension"],
    ["the type that is never used", "c1", "extension"],
    ["NaN", "cb7ff8000000000000", "finite"],
    ["NaN of four bytes", "ca7fc00000", "finite"],
    ["an infinity", "cbfff0000000000000", "finite"],
    ["a name that comes twice", "82a16101a16102", "twice"],
    ["a name that is a number", "810102", "no text"],
    ["a name that is nil", "81c002", "no text"],
    ["invalid UTF-8", "a2c328", "UTF-8"],
    ["a surrogate in UTF-8", "a3eda080", "UTF-8"],
    ["invalid UTF-8 in a name", "81a1ff01", "UTF-8"],
    ["more items than bytes", "dd00ffffff", "too early"],
    ["more members than bytes", "df00ffffff", "too early"],
    ["a longer text than there is", "db00ffffff", "too early"],
    ["longer binary than there is", "c600ffffff", "too early"],
    ["an integer that no number holds", "cf0020000000000000", "no number"],
    ["a negative integer that no number holds", "d3ffdfffffffffffff", "no number"],
  ])("%s", (_what, digits, message) => {
    const { codec, head } = formats.msgpack;
    expect(() => codec.decode(fromHex(head + digits), recordLimits)).toThrow(message);
  });
});
