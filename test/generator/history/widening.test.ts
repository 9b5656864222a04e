import { describe, expect, it } from "vitest";
import type { NumberedKind } from "../../../generator/history/model-file.js";
import { isWidening } from "../../../generator/history/widening.js";

const text = { type: "string" };
const a = { number: 1, name: "a", kind: text };
const defaulted = { number: 2, name: "b", kind: text, default: "x" };
const object = (...members: object[]): NumberedKind => ({ type: "object", members });
const union = (...members: NumberedKind[]): NumberedKind => ({ type: "union", members });

describe("isWidening", () => {
  it("takes a new member with a default, but not below a union, where nobody fills it in", () => {
    expect(isWidening(object(a), object(a, defaulted))).toBe(true);
    expect(isWidening(union(text, object(a)), union(text, object(a, defaulted)))).toBe(false);
    expect(isWidening(object(a), object(a, { ...defaulted, default: undefined }))).toBe(false);
  });

  it("takes an object that becomes strict, but not below a union, where the store is strict too", () => {
    const strict = { ...object(a), strict: true };
    expect(isWidening(object(a), strict)).toBe(true);
    expect(isWidening(union(text, object(a)), union(text, strict))).toBe(false);
    expect(isWidening(union(text, strict), union(text, object(a)))).toBe(true);
  });
});
