import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFields } from "../../../runtime/record/fields.js";
import { createUntouched } from "../../../runtime/record/untouched.js";
import { createConverter, unknownMembers } from "../../../runtime/record/wire.js";
import { wireEquals } from "../../../runtime/record/wire-equals.js";
import type { Kind, WireValue } from "../../../runtime/types/shape.js";
import { anyModelWithData, toShape } from "../../suites/codec-models.js";

test("says yes only of what is stored as it was, or would be with its defaults", () => {
  fc.assert(
    fc.property(anyModelWithData(), ({ model, data }) => {
      for (const { name, converter, isUntouched } of createFields(toShape(model)).all) {
        const values = data.map((given) => given[name]).filter((value) => value !== undefined);
        const wires = values.map((value) => converter.toWire(value, name));
        for (const value of [...values, ...wires.map((wire) => converter.fromWire(wire))]) {
          const now = converter.toWire(value, name);
          for (const wire of wires.filter((other) => isUntouched(value, other)))
            expect(wireEquals(now, converter.toWire(converter.fromWire(wire), name))).toBe(true);
        }
      }
    }),
  );
});

const member = {
  object: { a: { kind: "string" }, n: { kind: "integer", default: 1, stored: "m" } },
} as const;

const untouched: readonly (readonly [string, Kind, WireValue])[] = [
  ["an object whose default was filled in", member, { a: "x" }],
  ["an object with all its members", member, { a: "x", m: 1 }],
  ["a list of objects", { array: member }, [{ a: "x" }, { a: "y", m: 2 }]],
  ["a tuple with more elements", { tuple: ["date"], rest: "bytes" }, [5, Uint8Array.of(1, 2)]],
  ["a record", { record: { nullable: "date" } }, { constructor: 1, b: null }],
  ["-0", { array: "number" }, [-0, 0]],
];

test.each(untouched)("%s is known as untouched", (_what, kind, wire) => {
  expect(createUntouched(kind)(createConverter(kind).fromWire(wire), wire)).toBe(true);
});

describe("what was changed in place", () => {
  const changes: readonly (readonly [string, Kind, WireValue, (value: never) => void])[] = [
    ["a date", "date", 5, (date: Date) => date.setTime(6)],
    ["a byte", "bytes", Uint8Array.of(1), (bytes: Uint8Array) => bytes.fill(2)],
    ["a longer list", { array: "string" }, ["a"], (list: string[]) => list.push("b")],
    ["another element", { array: "number" }, [0], (list: number[]) => list.fill(-0)],
    ["another member", member, { a: "x" }, (value: { n: number }) => Object.assign(value, { n: 2 })],
    ["a member less", member, { a: "x", m: 2 }, (value: { n?: number }) => delete value.n],
    ["a member that is no longer", { record: "null" }, { a: null }, (value: { a?: null }) => delete value.a],
    ["one more in a record", { record: "null" }, {}, (value: object) => Object.assign(value, { a: null })],
    ["another name", { record: "null" }, { a: null }, (value: { a?: null }) => rename(value)],
    ["an element for null", { array: { nullable: "string" } }, [null], (list: string[]) => list.fill("")],
    ["one of another version", member, { a: "x" }, (value) => Object.assign(value, { [unknownMembers]: {} })],
    ["one that nobody knows", member, { a: "x" }, (value) => Object.assign(value, { other: 1 })],
  ];

  test.each(changes)("is not: %s", (_what, kind, wire, change) => {
    const value = createConverter(kind).fromWire(wire);
    change(value as never);
    expect(createUntouched(kind)(value, wire)).toBe(false);
  });
});

function rename(value: { a?: null }): void {
  delete value.a;
  Object.assign(value, { b: null });
}
