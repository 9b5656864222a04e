import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  checkWire,
  explain,
  validate,
} from "../../golden/generated/every-kind/expected/generated/validate.js";
import definition from "../../golden/generated/every-kind/session.schema.js";

const shape = definition.options["shape"];
if (!(shape instanceof z.ZodObject)) throw new Error("The case is written in zod.");

const ascii = (constraints: fc.StringConstraints) => fc.string({ unit: "grapheme-ascii", ...constraints });

const valid: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    text: ascii({ minLength: 2, maxLength: 8 }),
    email: fc.constant("someone@example.org"),
    letters: fc.stringMatching(/^[a-zA-Z]{1,20}$/),
    ratio: fc.double({ min: 0, max: 0.99, noNaN: true }),
    step: fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10),
    count: fc.integer({ min: -5, max: 5 }),
    flag: fc.boolean(),
    big: fc.bigInt({ min: -1n, max: 19n }).map((fives) => fives * 5n),
    since: fc.date({ min: new Date(0), max: new Date("2099-12-31"), noInvalidDate: true }),
    blob: fc.uint8Array(),
    level: fc.constantFrom(1, 2, 3),
    mixed: fc.constantFrom("a", 1, true),
    theme: fc.constantFrom("light", "dark", null),
    tags: fc.array(ascii({ maxLength: 10 }), { minLength: 1, maxLength: 3 }),
    pair: fc.tuple(fc.string(), fc.integer()),
    path: fc.tuple(fc.string(), fc.integer(), fc.integer()),
    address: fc.record({
      street: ascii({ minLength: 1 }),
      country: fc.constant("CH"),
      kind: fc.constant("work"),
    }),
    sealed: fc.record({ a: fc.integer(), b: fc.boolean() }, { requiredKeys: ["a"] }),
    scores: fc.dictionary(ascii({ minLength: 1, maxLength: 5 }), fc.integer()),
    seen: fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.date({ noInvalidDate: true }),
    ),
    either: fc.oneof(ascii({ maxLength: 3 }), fc.integer(), fc.constant(null)),
    when: fc.oneof(fc.date({ noInvalidDate: true }), fc.string(), fc.record({ $date: fc.string() })),
    shape: fc.oneof(
      fc.record({ type: fc.constant("circle"), radius: fc.integer({ min: 1 }) }),
      fc.record({ type: fc.constant("square"), side: fc.bigInt() }),
    ),
    deep: fc.array(
      fc.record({
        at: fc.date({ noInvalidDate: true }),
        by: fc.array(fc.option(fc.record({ id: fc.bigInt() })), { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
    maybe: fc.option(fc.record({ a: fc.string() })),
  },
  { requiredKeys: ["count", "flag", "theme", "scores", "deep"] },
);

const junk = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: false, maxDepth: 2 }),
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    0.5,
    -6,
    6,
    "",
    "x",
    "x".repeat(21),
    3n,
    -10n,
    100n,
  ),
  fc.constantFrom(
    new Date(Number.NaN),
    new Date(-1),
    [],
    [1, 2, 3, 4],
    {},
    { $date: 5 },
    { a: 1, c: 2 },
    { type: "circle" },
  ),
);

/** One place of the value, at whatever depth, replaced by something else. */
function broken(value: unknown, random: { readonly path: readonly number[]; readonly by: unknown }): unknown {
  const [step, ...path] = random.path;
  if (step === undefined || typeof value !== "object" || value === null || value instanceof Date)
    return random.by;
  const names = Object.keys(value);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined || value instanceof Uint8Array) return random.by;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const inner = broken(Reflect.get(value, name), { ...random, path });
  // `undefined` stands for a default in zod, and is not what a session holds.
  Reflect.set(copy, name, inner === undefined ? Symbol("nothing") : inner);
  return copy;
}

const isLone = (text: string): boolean => !text.isWellFormed();
const hasLone = (value: unknown): boolean => {
  if (typeof value === "string") return isLone(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => isLone(name) || hasLone(member));
};

const base = { count: 0, flag: false, theme: null, scores: {}, deep: [] };
const pathsOf = (value: object): string[] => explain({ ...base, ...value }).map(({ path }) => path);
const messageOf = (value: object): string | undefined => explain({ ...base, ...value })[0]?.message;

describe("validate", () => {
  it("accepts what zod accepts", () => {
    fc.assert(
      fc.property(valid, (value) => {
        expect(shape.safeParse(value).success).toBe(true);
        expect(explain(value)).toEqual([]);
        expect(validate(value)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses what zod refuses", () => {
    const change = fc.record({ path: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), by: junk });
    fc.assert(
      fc.property(valid, change, (value, random) => {
        const changed = broken(value, random);
        fc.pre(!hasLone(changed));
        expect(validate(changed)).toBe(shape.safeParse(changed).success);
        expect(explain(changed).length > 0).toBe(!validate(changed));
      }),
      { numRuns: 1000 },
    );
  });

  it("lets optional fields be absent or undefined, and wants defaulted ones", () => {
    expect(pathsOf({})).toEqual([]);
    expect(pathsOf({ text: undefined, address: undefined })).toEqual([]);
    expect(pathsOf({ count: undefined })).toEqual(["count"]);
    expect(explain({})).toContainEqual({ field: "flag", path: "flag", message: "is missing" });
    expect(explain(null)).toEqual([{ field: "", path: "", message: "must be an object" }]);
  });

  it("looks at own properties only", () => {
    expect(validate(Object.create(base))).toBe(false);
    expect(validate(Object.assign(Object.create({ text: 5 }), base))).toBe(true);
    expect(validate(Object.assign(Object.create(null), base))).toBe(true);
  });

  it("counts code points", () => {
    expect(pathsOf({ text: "🎈🎈🎈🎈🎈🎈🎈🎈" })).toEqual([]);
    expect(messageOf({ text: "🎈🎈🎈🎈🎈🎈🎈🎈🎈" })).toBe("must have at most 8 characters");
    expect(messageOf({ text: "🎈" })).toBe("must have at least 2 characters");
  });

  it("refuses lone surrogates, also in the keys of a record", () => {
    expect(messageOf({ pair: ["\ud800", 1] })).toBe("must not hold a lone surrogate");
    expect(pathsOf({ scores: { "\udc00": 1 } })).toHaveLength(1);
  });

  it("refuses __proto__ as the key of a record", () => {
    expect(pathsOf({ seen: { ["__proto__"]: new Date() } })).toEqual(["seen.__proto__"]);
    expect(checkWire(JSON.parse('{ "seen": { "__proto__": 1 } }'))).toHaveLength(1);
  });

  it("names where and what is allowed, never what was there", () => {
    expect(explain({ ...base, count: 99, address: { street: "", country: "secret", kind: "work" } })).toEqual(
      [
        { field: "count", path: "count", message: "must be <= 5" },
        { field: "address", path: "address.street", message: "must have at least 1 character" },
        { field: "address", path: "address.country", message: "must match /^[A-Z]{2}$/u" },
      ],
    );
    expect(pathsOf({ deep: [{ at: new Date(), by: [null, { id: 1 }] }] })).toEqual(["deep[0].by[1].id"]);
    expect(pathsOf({ sealed: { a: 1, extra: 2 } })).toEqual(["sealed.extra"]);
    expect(messageOf({ email: "secret" })).toBe("must be a valid email");
    expect(messageOf({ when: 5 })).toBe("has none of the forms that it may have");
    expect(JSON.stringify(explain({ ...base, text: "secret secret", theme: "secret" }))).not.toContain(
      "secret",
    );
  });

  it("refuses what only looks like an object", () => {
    for (const value of [new Date(), new Map(), new Uint8Array(), []])
      expect(pathsOf({ scores: value })).toEqual(["scores"]);
  });
});

describe("checkWire", () => {
  it("wants nothing and minds no unknown fields or members", () => {
    expect(checkWire({})).toEqual([]);
    expect(checkWire({ unknown: Symbol.iterator, sealed: { a: 1, unknown: 2 } })).toEqual([]);
    expect(checkWire({ address: { street: "a", country: "CH" } })).toEqual([]);
    expect(checkWire({ address: { street: "a" } }).map(({ path }) => path)).toEqual(["address.country"]);
  });

  it("wants dates as epoch milliseconds, bigints and bytes as they are", () => {
    expect(checkWire({ since: 5, big: 10n, blob: new Uint8Array(), seen: { a: -8.64e15 } })).toEqual([]);
    expect(checkWire({ since: new Date() }).map(({ path }) => path)).toEqual(["since"]);
    expect(checkWire({ seen: { a: 8.64e15 + 2 } }).map(({ path }) => path)).toEqual(["seen.a"]);
    expect(checkWire({ since: -1 })[0]?.message).toBe("must not be before 1970-01-01T00:00:00.000Z");
    expect(checkWire({ big: "10" })[0]?.message).toBe("must be a bigint");
  });

  it("wants marked dates below a union", () => {
    expect(checkWire({ when: { $date: 5 } })).toEqual([]);
    expect(checkWire({ when: { $$date: "text" } })).toEqual([]);
    expect(checkWire({ when: "text" })).toEqual([]);
    expect(checkWire({ when: 5 })).toHaveLength(1);
    expect(checkWire({ when: { $$date: 5 } })).toHaveLength(1);
    expect(checkWire({ shape: { type: "square", side: 5n } })).toEqual([]);
  });
});
