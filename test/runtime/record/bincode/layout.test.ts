import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionError } from "../../../../runtime/platform/errors.js";
import { recordLimits } from "../../../../runtime/record/limits.js";
import { codec, decode, encode } from "../../../golden/generated/bincode/expected/generated/codec.js";
import type { SessionData } from "../../../golden/generated/bincode/expected/generated/session.js";
import * as example from "../../../golden/generated/bincode-example/expected/generated/codec.js";
import { validate } from "../../../golden/generated/bincode-example/expected/generated/validate.js";
import { exampleJson, exampleSession } from "../../../suites/example-session.js";
import { sessions } from "./vectors.js";

const full: SessionData = {
  address: { country: "CH", kind: "work", street: "Zürichbergstraße 1" },
  big: -(2n ** 127n) - 1n,
  blob: Uint8Array.of(0, 255, 128, 251),
  count: -5,
  deep: [{ at: new Date(1_795_468_800_000), by: [null, { id: 0n }, { id: 128n }] }],
  distinct: [[], [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
  either: "abc",
  figure: { side: -1n, type: "square" },
  fives: 95n,
  flag: true,
  letters: "Abc",
  level: 20,
  maybe: { a: "" },
  mixed: true,
  nothing: null,
  only: "only",
  pair: ["\0", 2 ** 31],
  path: ["p", 0.5, -0],
  ratio: 0.25,
  scores: { a: 1, b: -2.5 },
  sealed: { a: -(2 ** 31) - 1, b: null },
  seen: { "😀": new Date(-1) },
  since: new Date(0),
  step: -0.1,
  tags: ["x", "ß"],
  text: "😀😀",
  theme: "system",
  total: -126,
  when: new Date(1_795_468_800_000),
};

const nulls: SessionData = {
  count: 0,
  deep: [],
  either: null,
  figure: { radius: 0.5, type: "circle" },
  flag: false,
  level: 1,
  maybe: null,
  mixed: 1,
  scores: {},
  sealed: { a: 0, b: true },
  theme: null,
  total: 32_768,
  when: { $date: "x" },
};

const data: unknown = exampleSession;
if (!validate(data)) throw new Error("The example is not of its schema.");

const unhex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a session in bincode", () => {
  it("is what the Rust types of its codec.ts write, and read", () => {
    expect(hex(encode(full))).toBe(sessions.full);
    expect(decode(unhex(sessions.full))).toStrictEqual(full);
    expect(decode(unhex(sessions.nulls))).toStrictEqual(nulls);
  });

  it("tells what was never assigned from what is set to its default", () => {
    const defaults = { count: 0, deep: [{ at: new Date(0), by: [] }], flag: false, scores: {}, theme: null };
    expect(decode(unhex(sessions.empty))).toStrictEqual(defaults);
    const meta = { writes: "" };
    expect(hex(codec.encode({ meta, fields: {} }))).toBe(`00${sessions.empty}`);
    expect(codec.decode(unhex(`00${sessions.empty}`), recordLimits)).toEqual({
      meta,
      fields: {},
      isChecked: true,
    });
    expect(hex(encode(defaults))).not.toBe(sessions.empty);
  });

  it("takes the order of its members from their names alone", () => {
    const reversed = Object.fromEntries(Object.entries(full).reverse());
    expect(hex(encode(reversed as unknown as SessionData))).toBe(sessions.full);
  });

  it("leaves what bincode cannot tell to the whole check", () => {
    const { fields, isChecked } = codec.decode(unhex(`00${sessions.full}`), recordLimits);
    expect(fields["when"]).toEqual({ $date: 1_795_468_800_000 });
    expect(isChecked).toBe(false);
  });
});

describe("bincode refuses", () => {
  const invalid = expect.objectContaining({ name: "SessionError", code: "invalid" });

  it.each<readonly [what: string, change: object, says: string]>([
    ["a text that is too long", { text: "123456789" }, "text"],
    ["a text that does not match", { address: { ...full.address, country: "ch" } }, "address.country"],
    ["a number beyond its limit", { count: 6 }, "count"],
    ["a number for a text", { letters: 5 }, "letters"],
    ["an unknown variant", { theme: "blue" }, "theme"],
    ["an invalid date", { since: new Date(Number.NaN) }, "since"],
    ["a date as a number", { since: 5 }, "since"],
    ["a fraction for an integer", { total: 0.5 }, "total"],
    ["half a surrogate pair", { letters: "\ud800" }, "letters"],
    ["too few items", { tags: [] }, "tags"],
    ["an item of another type", { tags: ["a", 5] }, "tags[1]"],
    ["a tuple of another length", { pair: ["a", 1, 2] }, "pair"],
    ["a member that a strict object does not know", { sealed: { a: 1, c: 2 } }, "sealed"],
    ["a member that is missing", { maybe: {} }, "maybe.a"],
    ["an array for an object", { maybe: ["a"] }, "maybe"],
    ["__proto__ as a key", { scores: JSON.parse('{"__proto__":1}') }, "scores"],
    ["none of a union's forms", { either: true }, "either"],
    ["a default that is missing", { flag: undefined }, "flag"],
  ])("to write %s, naming the field", (_, change, says) => {
    const attempt = (): Uint8Array => encode({ ...full, ...change });
    expect(attempt).toThrow(invalid);
    expect(attempt).toThrow(says);
  });

  it.each<readonly [what: string, hex: string]>([
    ["no bytes", ""],
    ["a byte too many", `${sessions.full}00`],
    ["a byte too few", sessions.full.slice(0, -2)],
    ["an Option of 2", `02${sessions.empty.slice(2)}`],
    ["a country of three letters", sessions.full.replace("01024348", "0103434848")],
  ])("to read %s", (_, text) => {
    expect(() => decode(unhex(text))).toThrow(invalid);
  });

  it("every cut of a session", () => {
    const bytes = unhex(sessions.full);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => codec.decode(bytes.subarray(0, length), recordLimits)).toThrow();
    }
  });

  it("every second form of a session, so that no changed byte goes unnoticed", () => {
    const bytes = example.encode(data);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = new Uint8Array(bytes);
        changed[place] = (changed[place] ?? 0) ^ change;
        try {
          const read = example.decode(changed);
          expect(hex(example.encode(read))).toBe(hex(changed));
        } catch (error) {
          if (!(error instanceof SessionError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("the session that issues are measured with", () => {
  it("takes at most 0.38 of its JSON", () => {
    const bytes = example.encode(data);
    expect(exampleJson).toHaveLength(735);
    expect(bytes.length).toBeLessThanOrEqual(0.38 * exampleJson.length);
    expect(example.decode(bytes)).toStrictEqual(data);
  });
});
