import { describe, expect, test } from "vitest";
import type { FieldModel } from "../../../../generator/model/model.js";
import { toModel } from "../../../suites/codec-models.js";
import { loadGeneratedCodec } from "../../../suites/generated-codec.js";

const fields: readonly FieldModel[] = [
  { name: "visits", kind: { type: "integer", minimum: 0 }, default: 0 },
  { name: "since", kind: { type: "date", maximum: 1000 }, default: 5 },
  {
    name: "name",
    kind: { type: "string", minLength: 1, maxLength: 3, patterns: [{ source: "^[a-z😀]*$", flags: "u" }] },
  },
  {
    name: "scores",
    kind: { type: "record", keys: { type: "string", maxLength: 2 }, values: { type: "number" } },
  },
  { name: "step", kind: { type: "number", multipleOf: 0.1 } },
  {
    name: "tags",
    kind: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2, uniqueItems: true },
  },
  {
    name: "place",
    kind: {
      type: "object",
      strict: true,
      members: [
        { name: "at", kind: { type: "date" } },
        { name: "kind", kind: { type: "literal", values: ["home", "work"] }, default: "home" },
        {
          name: "more",
          kind: { type: "union", members: [{ type: "date" }, { type: "string" }] },
          optional: true,
        },
      ],
    },
  },
  { name: "maybe", kind: { type: "nullable", inner: { type: "array", items: { type: "bigint" } } } },
];
const { encode, decode } = loadGeneratedCodec(toModel(fields), "protobuf");
const start = { visits: 0, since: new Date(5) };

describe("encode and decode", () => {
  test("are for what the app holds: dates, defaults and all", () => {
    const place = { at: new Date(1), kind: "work", more: new Date(2) };
    const data = { ...start, name: "😀a", scores: { "": -0 }, step: 0.3, tags: ["a"], place, maybe: [1n] };
    expect(decode(encode(data))).toEqual(data);
    expect(decode(new Uint8Array())).toEqual(start);
    expect(decode(encode({ ...start, maybe: null }))).toEqual({ ...start, maybe: null });
    const { since } = decode(new Uint8Array()) as { since: Date };
    expect(since).not.toBe((decode(new Uint8Array()) as { since: Date }).since);
  });

  test.each<[string, object]>([
    ["visits", { ...start, visits: -1 }],
    ["visits", { ...start, visits: 1.5 }],
    ["visits", { since: new Date(5) }],
    ["since", { ...start, since: new Date(1001) }],
    ["since", { ...start, since: 5 }],
    ["name", { ...start, name: "" }],
    ["name", { ...start, name: "abcd" }],
    ["name", { ...start, name: "A" }],
    ["name", { ...start, name: "\ud800" }],
    ["name", { ...start, name: null }],
    ["scores[*]", { ...start, scores: { abc: 1 } }],
    ["scores[*]", { ...start, scores: { a: Number.NaN } }],
    ["scores[*]", { ...start, scores: { a: null } }],
    ["step", { ...start, step: 0.25 }],
    ["tags", { ...start, tags: [] }],
    ["tags", { ...start, tags: ["a", "a"] }],
    ["tags", { ...start, tags: ["a", "b", "c"] }],
    ["tags[1]", { ...start, tags: ["a", null] }],
    ["place.at", { ...start, place: { kind: "home" } }],
    ["place.kind", { ...start, place: { at: new Date(1), kind: "else" } }],
    ["place.kind", { ...start, place: { at: new Date(1) } }],
    ["place", { ...start, place: { at: new Date(1), kind: "home", other: 1 } }],
    ["place", { ...start, place: new Map() }],
    ["place.more", { ...start, place: { at: new Date(1), kind: "home", more: 1 } }],
    ["maybe[0]", { ...start, maybe: [1] }],
  ])("encode names %s and not what is in it", (path, data) => {
    let thrown: unknown;
    try {
      encode(data);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: "SessionError", code: "invalid" });
    expect(String(thrown)).toContain(`: ${path}`);
    expect(String(thrown)).not.toMatch(/abcd|1\.5|0\.25|else/);
  });

  test.each<[string, readonly number[]]>([
    ["visits", [8, ...Array(9).fill(0xff), 1]],
    ["name", [26, 4, 97, 97, 97, 97]],
    ["place.kind", [58, 4, 8, 1, 16, 9]],
    ["place.at", [58, 2, 16, 1]],
    ["tags", [50, 1, 97, 50, 1, 97]],
  ])("decode names %s", (path, bytes) => {
    expect(() => decode(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: "invalid", message: expect.stringContaining(`: ${path}`) }),
    );
  });
});
