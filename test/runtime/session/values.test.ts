import fc from "fast-check";
import { expect, test } from "vitest";
import { type SessionData, type SessionPatch, validate } from "../fixture/generated/index.js";
import { mustLoad, open } from "../fixture/open.js";

/** What is loaded after this was saved. */
async function roundTrip(data: SessionPatch): Promise<SessionData> {
  const { sessions } = open();
  const session = sessions.create(data);
  await session.save();
  return (await mustLoad(sessions, session.key ?? "")).toObject();
}

const fine: readonly [string, SessionPatch][] = [
  ["-0 in a number", { score: -0 }],
  ["-0 nested", { place: [-0, 0], counts: { a: -0 } }],
  ["the largest integers", { userId: Number.MAX_SAFE_INTEGER, score: Number.MAX_VALUE }],
  ["the smallest numbers", { userId: Number.MIN_SAFE_INTEGER, score: Number.MIN_VALUE }],
  ["large bigints", { balance: -(2n ** 300n), points: 10n ** 80n }],
  ["the first and last dates", { lastSeen: new Date(8.64e15), mixed: new Date(-8.64e15) }],
  ["bytes", { picture: Uint8Array.from({ length: 256 }, (_, index) => index), mixed: new Uint8Array(0) }],
  ["U+0000, emoji, line separators", { name: "\0\u2028\u2029👩‍👩‍👧", counts: { "\0": 1, "👍": 2 } }],
  ["empty keys", { counts: { "": 1 }, mixed: { "": "" } }],
  ["names of Object.prototype", { counts: { constructor: 1, toString: 2, hasOwnProperty: 3 } }],
  ["names that unions use themselves", { mixed: { $date: "1" } }],
  ["and escaped ones", { mixed: { $$date: "1" } }],
  ["and of the codec", { mixed: { $bigint: "1" } }],
  ["bytes' name", { mixed: { $bytes: "AA==" } }],
  ["null", { middleName: null }],
  ["a bigint in a union", { mixed: 12n }],
  ["a bytes-like string", { choice: "AAECAw==" }],
  ["equal to the default", { visits: 0, theme: "light", cart: [], points: 0n }],
];

test.each(fine)("comes back as it was: %s", async (_name, data) => {
  const loaded = await roundTrip(data);
  for (const [name, value] of Object.entries(data)) {
    expect(loaded[name as keyof SessionData], name).toStrictEqual(value);
  }
});

test("an integer field stores 0 for -0", async () => {
  expect((await roundTrip({ userId: -0 })).userId).toBe(0);
});

test("a part of a larger buffer is stored as that part", async () => {
  const picture = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
  expect((await roundTrip({ picture })).picture).toStrictEqual(new Uint8Array([1, 2]));
  expect((await roundTrip({ picture: Buffer.from("hi") })).picture).toStrictEqual(new Uint8Array([104, 105]));
});

const wrong = (value: unknown): never => value as never;
const ownProto = JSON.parse('{"__proto__": 1}') as Record<string, number>;
const circular: unknown[] = [];
circular.push(circular);

const bad: readonly [string, SessionPatch][] = [
  ["NaN", { score: Number.NaN }],
  ["Infinity", { score: Number.POSITIVE_INFINITY }],
  ["-Infinity in a tuple", { place: [0, Number.NEGATIVE_INFINITY] }],
  ["NaN in a record", { counts: { a: Number.NaN } }],
  ["NaN in a union", { choice: Number.NaN }],
  ["an invalid Date", { lastSeen: new Date(Number.NaN) }],
  ["an invalid Date in a union", { mixed: new Date(Number.NaN) }],
  ["a nested invalid Date", { prefs: { language: "x", since: new Date(Number.NaN) } }],
  ["a fraction in an integer field", { userId: 1.5 }],
  ["2^53 in an integer field", { userId: 2 ** 53 }],
  ["a lone surrogate", { name: "\ud800" }],
  ["a lone surrogate as a key", { counts: { "\udfff": 1 } }],
  ["a lone surrogate in a union", { choice: { a: "\ud800x" } }],
  ["__proto__ as a key", { counts: ownProto }],
  ["__proto__ as a key in a union", { mixed: wrong(JSON.parse('{"__proto__":"1"}')) }],
  ["a number as a date", { lastSeen: wrong(5) }],
  ["a text as a date", { lastSeen: wrong("1970-01-01") }],
  ["a thing without text as a date", { lastSeen: wrong(Object.create(null)) }],
  ["a symbol as a date", { lastSeen: wrong(Symbol("x")) }],
  ["null in a field that is not nullable", { name: wrong(null) }],
  ["a number as bigint", { balance: wrong(5) }],
  ["an array as bytes", { picture: wrong([1, 2]) }],
  ["an unknown enum value", { theme: wrong("blue") }],
  ["an object as an array", { cart: wrong({ length: 0 }) }],
  ["a hole in an array", { tags: wrong(new Array(1)) }],
  ["undefined in an array", { tags: wrong([undefined]) }],
  ["a map as a record", { counts: wrong(new Map([["a", 1]])) }],
  ["a date as a record", { counts: wrong(new Date()) }],
  ["a date as an object", { prefs: wrong(new Date()) }],
  ["a set in a union", { choice: wrong(new Set(["a"])) }],
  ["a function", { choice: wrong(() => 1) }],
  ["a symbol", { name: wrong(Symbol("x")) }],
  ["a value that holds itself", { choice: wrong(circular) }],
  ["too many elements", { tags: wrong("x"), cart: Array(7).fill({ sku: "a", quantity: 1 }) }],
  ["a string that is too long", { name: "x".repeat(41) }],
];

test.each(bad)("refused by save, nothing written: %s", async (_name, data) => {
  const { sessions, calls } = open();
  const error = await (async () => sessions.create(data).save())().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "SessionError", code: "invalid" });
  expect(calls).toEqual([]);
});

test("the error names the field and not the value", async () => {
  const { sessions } = open();
  const session = sessions.create({ name: `secret${"x".repeat(60)}`, userId: 1.5 });
  await expect(session.save()).rejects.toMatchObject({
    code: "invalid",
    message: expect.not.stringContaining("secret"),
    details: { fields: expect.arrayContaining(["name", "userId"]) },
  });
});

test("a field that was refused can be put right and saved", async () => {
  const { sessions } = open();
  const session = sessions.create({ userId: 1 });
  await session.save();
  session.score = Number.NaN;
  await expect(session.save()).rejects.toMatchObject({ code: "invalid" });
  session.score = 1;
  await session.save();
  expect((await mustLoad(sessions, session.key ?? "")).score).toBe(1);
});

const wellFormed = fc.string({ unit: "binary" });
const jsonNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
const integer = fc.maxSafeInteger().map((value) => value + 0);
const date = fc.date({ noInvalidDate: true });
const bytes = fc.uint8Array({ maxLength: 40 });
const key = wellFormed.filter((name) => name !== "__proto__");
const dictionary = <T>(value: fc.Arbitrary<T>) => fc.dictionary(key, value, { noNullPrototype: true });

const patch: fc.Arbitrary<SessionPatch> = fc.record(
  {
    userId: integer,
    name: fc.string({ unit: "binary", maxLength: 20 }),
    score: jsonNumber,
    isAdmin: fc.boolean(),
    balance: fc.bigInt(),
    lastSeen: date,
    picture: bytes,
    theme: fc.constantFrom("light" as const, "dark" as const),
    visits: fc.integer({ min: 0, max: 1000 }),
    cart: fc.array(
      fc.record({ sku: wellFormed, quantity: fc.integer({ min: 1 }) }, { noNullPrototype: true }),
      { maxLength: 6 },
    ),
    tags: fc.array(wellFormed),
    place: fc.tuple(jsonNumber, jsonNumber),
    prefs: fc.record(
      {
        language: wellFormed,
        size: integer,
        since: date,
        nested: fc.record({ on: fc.boolean() }, { noNullPrototype: true }),
      },
      { requiredKeys: ["language"], noNullPrototype: true },
    ),
    counts: dictionary(jsonNumber),
    choice: fc.oneof(wellFormed, jsonNumber, fc.record({ a: wellFormed }, { noNullPrototype: true })),
    mixed: fc.oneof(date, fc.bigInt(), bytes, dictionary(wellFormed)),
    middleName: fc.option(wellFormed),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test("any valid data comes back as what it was", async () => {
  await fc.assert(
    fc.asyncProperty(patch, async (data) => {
      const loaded = await roundTrip({ ...data, secret: "" });
      expect(validate(loaded)).toBe(true);
      for (const [name, value] of Object.entries(data)) {
        expect(loaded[name as keyof SessionData], name).toStrictEqual(value);
      }
    }),
    { numRuns: 150 },
  );
});

test("update reads all values before it assigns one: a getter that throws leaves the session as it was", () => {
  const session = open().sessions.create();
  const patch = {
    userId: 5,
    get theme(): "dark" {
      throw new Error("no theme");
    },
  };
  expect(() => session.update(patch)).toThrow("no theme");
  expect(session.isEmpty).toBe(true);
});
