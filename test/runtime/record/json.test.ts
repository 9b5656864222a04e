import { jsonCodec } from "@session-gen/runtime/codecs/json";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DecodeLimits } from "../../../runtime/types/codec.js";
import type { WireFields } from "../../../runtime/types/shape.js";
import { shape } from "../fixture/generated/shape.js";
import { checkWire } from "../fixture/generated/validate.js";
import { mustLoad } from "../fixture/open.js";
import { openKind, withFields } from "./stored-bytes.js";

const codec = jsonCodec(shape);
const limits: DecodeLimits = { maxBytes: 10_000, maxDepth: 8, maxValues: 1000 };
const meta = { writes: "12345678" };

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const toText = (fields: WireFields): string => new TextDecoder().decode(codec.encode({ meta, fields }));
const decode = (text: string): WireFields => codec.decode(toBytes(text), limits).fields;
const contents = (fields: string): string => `{"meta":{"writes":"12345678"},"fields":${fields}}`;

test("a person can read it", () => {
  expect(toText({ userId: 1, points: 12n, picture: new Uint8Array([1, 2]), score: -0 })).toBe(
    contents('{"userId":1,"points":"12","picture":"AQI=","score":-0}'),
  );
});

test.each<[string, unknown]>([
  ["a function", () => undefined],
  ["an object", {}],
])("%s that a library gives to all objects is none of a record's members", (_what, given) => {
  const written = toText({ userId: 1, cart: [{ sku: "a", quantity: 1 }] });
  const decodeAll = (text: string): WireFields => {
    Object.defineProperty(Object.prototype, "given", { value: given, enumerable: true, configurable: true });
    try {
      return decode(text);
    } finally {
      Reflect.deleteProperty(Object.prototype, "given");
    }
  };
  expect(decodeAll(written)).toEqual(decode(written));
  expect(() => decodeAll(contents('{"userId":1,"userId":2}'))).toThrow("twice");
});

describe("what is not exactly one encoded value is refused", () => {
  const whole = toText({ name: "a", points: 12n, cart: [{ sku: "a", quantity: 1 }] });

  test("every prefix of one", () => {
    expect(decode(whole)["name"]).toBe("a");
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decode(whole.slice(0, length)), `${length} bytes`).toThrow();
    }
  });

  test.each(["1", "{}", "\0", ",", "}", whole])("trailing %j", (rest) => {
    expect(() => decode(whole + rest)).toThrow();
  });

  test.each([
    ["a byte that is none", [0xff]],
    ["half a character", [0xc3]],
    ["an overlong form", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
  ])("invalid UTF-8: %s", (_name, wrong) => {
    const [before, after] = whole.split("a", 2).map(toBytes);
    const bytes = new Uint8Array([...(before ?? []), ...wrong, ...(after ?? [])]);
    expect(() => codec.decode(bytes, limits)).toThrow("UTF-8");
  });

  test.each(["null", "1", "[]", '"text"', "{}", '{"meta":{}}', '{"fields":null}', '{"meta":{},"fields":[]}'])(
    "%s instead of meta and fields",
    (text) => {
      expect(() => decode(text)).toThrow("meta and fields");
    },
  );

  test("too deep, by one level, in objects and arrays", () => {
    const lists = (levels: number) => contents(`{"f":${"[".repeat(levels)}${"]".repeat(levels)}}`);
    const objects = (levels: number) =>
      contents(`{"f":${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}}`);
    for (const nested of [lists, objects]) {
      expect(decode(nested(6))).toHaveProperty("f");
      expect(() => decode(nested(7))).toThrow("levels");
    }
    expect(() =>
      codec.decode(toBytes(lists(100_000)), { ...limits, maxBytes: 1e6, maxDepth: 128 }),
    ).toThrow();
  });

  test("too long, by one byte", () => {
    const bytes = toBytes(whole);
    expect(() => codec.decode(bytes, { ...limits, maxBytes: bytes.length })).not.toThrow();
    expect(() => codec.decode(bytes, { ...limits, maxBytes: bytes.length - 1 })).toThrow("bytes");
  });

  test("any damage gives an error or what the check refuses or plain data, never another prototype", () => {
    const bytes = toBytes(whole);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const damaged = bytes.map((byte, place) => (place === index ? byte ^ mask : byte));
        let fields: WireFields;
        try {
          fields = codec.decode(damaged, limits).fields;
        } catch {
          return;
        }
        checkWire(fields);
        expect([null, Object.prototype]).toContain(Object.getPrototypeOf(fields));
      }),
    );
  });
});

describe("what has another form than its kind is passed on, for the check to refuse", () => {
  test.each([
    ["points", '"012"'],
    ["points", '"-0"'],
    ["points", '"1e3"'],
    ["points", '""'],
    ["points", "12"],
    ["picture", '"AQI"'],
    ["picture", '"A-_="'],
    ["picture", "[1]"],
    ["mixed", '{"$bigint":"x"}'],
    ["mixed", '{"$bytes":"?"}'],
    ["mixed", '{"$date":8640000000000001}'],
    ["counts", '{"__proto__":1}'],
  ])("%s: %s", (field, json) => {
    const problems = checkWire(decode(contents(`{${JSON.stringify(field)}:${json}}`)));
    expect(problems.map((problem) => problem.field)).toContain(field);
  });
});

test("what only looks like a date is read as the object that it is", async () => {
  const { sessions, plant } = openKind();
  const session = await mustLoad(sessions, await plant({}, withFields({ mixed: { $date: "x" } })));
  expect(session.mixed).toStrictEqual({ $date: "x" });
  expect(session.isModified).toBe(false);
});

test("names of prototypes are members like others, and change none", () => {
  const fields = decode(
    contents('{"__proto__":{"polluted":1},"constructor":1,"then":2,"counts":{"constructor":3}}'),
  );
  expect(Object.keys(fields).sort()).toEqual(["__proto__", "constructor", "counts", "then"]);
  expect(Reflect.get(fields, "polluted")).toBeUndefined();
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  const again = decode(toText(fields));
  expect(Object.getOwnPropertyDescriptor(again, "__proto__")?.value).toEqual({ polluted: 1 });
});

describe("refused although JSON.parse takes it", () => {
  test.each([
    ["a name that comes twice", '{"name":"a","name":"b"}', "twice"],
    ["a name that comes twice, blanks before its colon", '{"name":"a","name" :\t"b"}', "twice"],
    ["a name that comes twice, once escaped", '{"name":"a","\\u006eame":"b"}', "twice"],
    ["a name that comes twice in an object in a list", '{"cart":[{"sku":"a","sku":"a"}]}', "twice"],
    ["__proto__ twice", '{"counts":{"__proto__":1,"__proto__":2}}', "twice"],
    ["half a surrogate pair", '{"unknown":"\\ud800"}', "surrogate"],
    ["half a surrogate pair in a name", '{"counts":{"\\udc00":1}}', "surrogate"],
    ["a number beyond a double", '{"unknown":[1e999]}', "too large"],
    ["a negative number beyond a double", '{"unknown":{"a":-1e999}}', "too large"],
  ])("%s", (_what, fields, message) => {
    expect(() => JSON.parse(contents(fields))).not.toThrow();
    expect(() => decode(contents(fields))).toThrow(message);
  });

  test("a name that comes twice beside the fields", () => {
    expect(() => decode('{"meta":{"writes":""},"meta":{"writes":""},"fields":{}}')).toThrow("twice");
  });

  test("texts that look like names are none", () => {
    const name = '{"name":"a","name":"b"}\\\\":" : \\\\\\":';
    expect(decode(toText({ name, tags: ['":', ":", '\\"', "\\"] }))["name"]).toBe(name);
  });

  test("more values than the limit, counted before anything is made of them", () => {
    const list = (length: number) => contents(`{"a":[${"0,".repeat(length - 1)}0]}`);
    expect(codec.decode(toBytes(list(900)), limits).fields).toHaveProperty("a");
    expect(() => codec.decode(toBytes(list(4000)), limits)).toThrow("1000 values");
  });
});

test("what a field of another version holds is written as that version's codec writes it", () => {
  expect(toText({ unknown: 12n, more: { bytes: new Uint8Array([1, 2]), big: [-3n] } })).toBe(
    contents('{"unknown":"12","more":{"bytes":"AQI=","big":["-3"]}}'),
  );
});
