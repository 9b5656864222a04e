import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { loadModels } from "../../generator/load/load-model.js";
import type { Model } from "../../generator/model/model.js";
import type { SessionPatch } from "../runtime/fixture/generated/index.js";
import { anyBigint, anyBytes, anyDate, anyInteger, anyKey, anyNumber, anyText } from "./codec-values.js";

/** The model of the fixture's schema, which has a field of every kind. */
export async function loadFixtureModel(): Promise<Model> {
  const file = fileURLToPath(new URL("../runtime/fixture/session.schema.ts", import.meta.url));
  const [loaded] = await loadModels([file]);
  if (loaded === undefined) throw new Error("the fixture has no schema");
  return loaded.model;
}

const plain = { noNullPrototype: true } as const;

/** Any data of the fixture's shape. */
export const sessionData: fc.Arbitrary<SessionPatch> = fc.record(
  {
    userId: anyInteger,
    name: fc.string({ unit: "binary", maxLength: 12 }),
    score: anyNumber,
    isAdmin: fc.boolean(),
    balance: anyBigint,
    lastSeen: anyDate,
    picture: anyBytes,
    theme: fc.constantFrom("light", "dark"),
    visits: fc.nat(1000),
    points: anyBigint,
    cart: fc.array(fc.record({ sku: anyText, quantity: fc.integer({ min: 1 }) }, plain), { maxLength: 6 }),
    tags: fc.array(anyText, { maxLength: 4 }),
    place: fc.tuple(anyNumber, anyNumber),
    prefs: fc.record(
      {
        language: anyText,
        size: anyInteger,
        since: anyDate,
        nested: fc.record({ on: fc.boolean() }, plain),
      },
      { requiredKeys: ["language"], ...plain },
    ),
    counts: fc.dictionary(anyKey, anyNumber, { maxKeys: 4, ...plain }),
    choice: fc.oneof(anyText, anyNumber, fc.record({ a: anyText }, plain)),
    mixed: fc.oneof(anyDate, anyBigint, anyBytes, fc.dictionary(anyKey, anyText, { maxKeys: 4, ...plain })),
    middleName: fc.option(anyText),
    "odd-name": anyText,
  },
  { requiredKeys: [], ...plain },
);

/** What no codec could give back, in every place of the fixture where it may stand. */
export const refusedValues: readonly (readonly [what: string, data: SessionPatch])[] = [
  ["NaN", { score: Number.NaN }],
  ["an infinity", { score: Number.POSITIVE_INFINITY }],
  ["the other infinity", { counts: { a: Number.NEGATIVE_INFINITY } }],
  ["NaN below a union", { choice: Number.NaN }],
  ["NaN in a tuple", { place: [0, Number.NaN] }],
  ["a fraction in an integer", { userId: 0.5 }],
  ["2^53 in an integer", { userId: 2 ** 53 }],
  ["an invalid date", { lastSeen: new Date(Number.NaN) }],
  ["an invalid date below a union", { mixed: new Date(Number.NaN) }],
  ["an invalid date in an object", { prefs: { language: "en", since: new Date(Number.NaN) } }],
  ["half a surrogate pair", { name: "\ud800" }],
  ["half a surrogate pair in an array", { tags: ["a", "\udc00x"] }],
  ["half a surrogate pair below a union", { choice: { a: "\ud83d" } }],
  ["half a surrogate pair in a key", { counts: { "\ud800": 1 } }],
  ["half a surrogate pair in a key below a union", { mixed: { "\ud800": "a" } }],
  ["__proto__ as a key", { counts: JSON.parse('{"__proto__":1}') }],
  ["__proto__ as a key below a union", { mixed: JSON.parse('{"__proto__":"a"}') }],
];
