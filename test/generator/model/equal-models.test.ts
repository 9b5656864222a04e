import * as TypeBox034 from "@sinclair/typebox";
import { bytes, date } from "session-gen/typebox";
import Type from "typebox";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { pairs } from "./pairs.js";
import { read } from "./read.js";

const Old = TypeBox034.Type;
const day = new Date("2026-01-02T03:04:05.678Z");
const data = Uint8Array.of(1, 2, 3);

describe("equal shapes give equal models", () => {
  for (const [name, [zod, miniZod, typeBox, old]] of Object.entries(pairs)) {
    it(name, () => {
      const expected = read(z.object({ field: zod.optional() }));
      if (miniZod) expect(read(mini.object({ field: mini.optional(miniZod) }))).toEqual(expected);
      expect(read(Type.Object({ field: Type.Optional(typeBox) }))).toEqual(expected);
      if (old) expect(read(Old.Object({ field: Old.Optional(old) }))).toEqual(expected);
      expect(expected[0]?.kind).toMatchSnapshot();
    });
  }

  it("with defaults, in wire form", () => {
    const zod = z.object({
      flag: z.boolean().default(true),
      seen: z.date().default(day),
      data: z.instanceof(Uint8Array).default(data),
      big: z.bigint().default(12n),
      list: z.array(z.object({ at: z.date(), n: z.int().default(3) })).default([{ at: day, n: 3 }]),
      either: z.union([z.string(), z.date()]).default(day),
      none: z.string().nullable().default(null),
      text: z.string().default("x").optional(),
    });
    const typeBox = Type.Object({
      flag: Type.Boolean({ default: true }),
      seen: date({ default: day }),
      data: bytes({ default: data }),
      big: Type.BigInt({ default: 12n }),
      list: Type.Array(Type.Object({ at: date(), n: Type.Integer({ default: 3 }) }), {
        default: [{ at: day }],
      }),
      either: Type.Union([Type.String(), date()], { default: day }),
      none: Type.Union([Type.String(), Type.Null()], { default: null }),
      text: Type.Optional(Type.String({ default: "x" })),
    });
    expect(read(typeBox)).toEqual(read(zod));
    expect(read(zod).map((field) => field.default)).toEqual([
      true,
      day.getTime(),
      data,
      12n,
      [{ at: day.getTime(), n: 3 }],
      { $date: day.getTime() },
      null,
      "x",
    ]);
  });

  it("reads zod's other words", () => {
    const fields = read(
      z.object({
        nullish: z.string().nullish(),
        template: z.templateLiteral(["id-", z.int()]).optional(),
        starts: z.string().startsWith("a.").endsWith("z").includes("m").optional(),
        lower: z.string().lowercase().optional(),
        web: z.httpUrl().optional(),
        code: z.base64().optional(),
        rest: z.tuple([z.string()], z.int()).optional(),
        odd: z.enum(["x"]).exclude([]).optional(),
        described: z.string().describe("From describe.").optional(),
        must: z.object({ a: z.nonoptional(z.string().optional()) }).optional(),
      }),
    );
    expect(fields).toMatchSnapshot();
  });
});
