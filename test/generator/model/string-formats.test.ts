import { bytes, date } from "session-gen/typebox";
import Type from "typebox";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { unknownSource } from "../../../generator/load/source-node.js";
import { toDefaultValue } from "../../../generator/model/default-value.js";
import type { KindModel } from "../../../generator/model/model.js";
import { readFields } from "../../../generator/model/read-fields.js";
import type { SchemaFault } from "../../../generator/schema-error.js";

/** Formats that zod checks in code are patterns here; both must say the same of what people write. */
describe("formats as patterns agree with zod", () => {
  const texts = [
    ...[
      "",
      "x",
      "https://example.com",
      "https://example.com:8080/a?b#c",
      "HTTP://EXAMPLE.COM",
      "http://",
      "http://?x",
    ],
    ...[
      "mailto:a@example.com",
      "data:,x",
      "http://localhost:3000/x",
      "not a url",
      "https://a b",
      "://x",
      "ftp://x.y/z",
    ],
    ...["aGk=", "aGkh", "aGk", "a===", "aGk-_w", "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", "a.b"],
    ...["::1", "2001:db8::1", "1.2.3.4", "256.1.1.1", "2026-02-29", "2026-02-28", "a@b.co", "a@b"],
    ...["https://example.com.", "http://user:pw@example.com/", "https://exa_mple.com", "12:30", "P1D", "P"],
  ];

  it.each([
    ["url", z.url()],
    ["httpUrl", z.httpUrl()],
    ["base64", z.base64()],
    ["base64url", z.base64url()],
    ["ipv6", z.ipv6()],
    ["ipv4", z.ipv4()],
    ["email", z.email()],
    ["date", z.iso.date()],
    ["time", z.iso.time()],
    ["duration", z.iso.duration()],
    ["uuid", z.uuid()],
    ["starts and ends", z.string().startsWith("a").endsWith("b")],
    ["lengths", z.string().min(1).max(4)],
  ])("%s", (_, schema) => {
    const kind = kindOf(z.object({ field: schema.optional() }));
    const disagreed = texts.filter((text) => schema.safeParse(text).success !== accepts(kind, text));
    expect(disagreed).toEqual([]);
  });

  it("counts code points, unlike zod", () => {
    const kind = kindOf(z.object({ field: z.string().max(1).optional() }));
    expect(accepts(kind, "😀")).toBe(true);
  });
});

describe("toDefaultValue", () => {
  const described = kindOf(
    z.object({ field: z.union([z.record(z.string(), z.int()), z.date()]).optional() }),
  );

  it("describes values below a union that holds a date", () => {
    expect(toDefaultValue(described, new Date(5))).toEqual({ value: { $date: 5 } });
    expect(toDefaultValue(described, { $date: 5 })).toEqual({ value: { $$date: 5 } });
    expect(toDefaultValue(described, { $a: 1, b: 2 })).toEqual({ value: { $a: 1, b: 2 } });
  });

  it("leaves unions of JSON values as they are", () => {
    const kind = kindOf(z.object({ field: z.union([z.record(z.string(), z.int()), z.string()]).optional() }));
    expect(toDefaultValue(kind, { $date: 5 })).toEqual({ value: { $date: 5 } });
  });

  it("stores no negative zero in an integer, and keeps it in a number", () => {
    expect(toDefaultValue({ type: "integer" }, -0)).toEqual({ value: 0 });
    expect(toDefaultValue({ type: "number" }, -0)).toEqual({ value: -0 });
  });

  it.each<[name: string, KindModel, unknown, string]>([
    ["number", { type: "number" }, Number.NaN, "is not a finite number"],
    ["integer", { type: "integer" }, 2 ** 53, "is not a safe integer"],
    ["number", { type: "number", multipleOf: 0.5 }, 0.7, "is not a multiple of 0.5"],
    ["bigint", { type: "bigint", exclusiveMinimum: 1n }, 1n, "is below its limit"],
    ["date", { type: "date", maximum: 5 }, new Date(6), "is above its limit"],
    ["date", { type: "date" }, new Date(Number.NaN), "is not a valid Date"],
    ["bytes", { type: "bytes", maxLength: 1 }, Uint8Array.of(1, 2), "is above its limit"],
    ["string", { type: "string" }, "\ud800", "holds a lone surrogate"],
    ["string", { type: "string", maxLength: 1 }, "ab", "is longer than 1"],
    ["literal", { type: "literal", values: ["a"] }, "b", "is none of the values"],
    [
      "tuple",
      { type: "tuple", items: [{ type: "boolean" }] },
      [true, true],
      "has too few or too many elements",
    ],
    ["object", { type: "object", members: [], strict: true }, { a: 1 }, 'has an unknown member "a"'],
    [
      "object",
      { type: "object", members: [{ name: "a", kind: { type: "boolean" } }] },
      {},
      'lacks the member "a"',
    ],
    [
      "record",
      { type: "record", keys: { type: "string", maxLength: 1 }, values: { type: "boolean" } },
      { ab: true },
      "has a key",
    ],
    ["array", { type: "array", items: { type: "boolean" } }, "x", "is not an array"],
    ["boolean", { type: "boolean" }, null, "is not a boolean"],
  ])("refuses for %s what does not fit", (_, kind, value, problem) => {
    const result = toDefaultValue(kind, value);
    expect("problem" in result && result.problem.startsWith(problem)).toBe(true);
  });

  it("drops unknown members and fills in defaults", () => {
    const kind = kindOf(
      Type.Object({ field: Type.Optional(Type.Object({ a: Type.Integer({ default: 3 }), at: date() })) }),
    );
    expect(toDefaultValue(kind, { at: new Date(1), extra: 1 })).toEqual({ value: { a: 3, at: 1 } });
    expect(kindOf(Type.Object({ field: Type.Optional(bytes({ minByteLength: 1 })) }))).toEqual({
      type: "bytes",
      minLength: 1,
    });
  });
});

function kindOf(shape: unknown): KindModel {
  const faults: SchemaFault[] = [];
  const [field] = readFields(shape, unknownSource("/session.schema.ts"), faults).fields;
  if (field === undefined || faults.length > 0) throw new Error(faults.map(({ message }) => message).join());
  return field.kind;
}

function accepts(kind: KindModel, text: string): boolean {
  return "value" in toDefaultValue(kind, text);
}
