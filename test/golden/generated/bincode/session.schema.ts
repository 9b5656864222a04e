import { defineSession, memory } from "session-gen";
import { z } from "zod";

const address = z.object({
  street: z.string().min(1).max(80),
  country: z.string().regex(/^[A-Z]{2}$/),
  note: z.string().optional(),
  kind: z.enum(["home", "work"]).default("home"),
});

export default defineSession({
  shape: z.object({
    text: z.string().min(2).max(8).optional(),
    letters: z.string().regex(/^[a-z]+$/i).max(20).optional(),
    ratio: z.number().min(0).lt(1).optional(),
    step: z.number().multipleOf(0.1).optional(),
    count: z.int().min(-5).max(5).default(0),
    total: z.int().optional(),
    flag: z.boolean().default(false),
    big: z.bigint().optional(),
    fives: z.bigint().min(-5n).lt(100n).multipleOf(5n).optional(),
    since: z.date().min(new Date(0)).max(new Date("2100-01-01T00:00:00Z")).optional(),
    blob: z.instanceof(Uint8Array).optional(),
    only: z.literal("only").optional(),
    nothing: z.null().optional(),
    level: z.literal([3, 20, 1]).optional(),
    mixed: z.literal(["b", 1, true, "a"]).optional(),
    theme: z.enum(["system", "light", "dark"]).nullable().default(null),
    tags: z.array(z.string().max(10)).min(1).max(3).optional(),
    distinct: z.array(z.array(z.int())).optional(),
    pair: z.tuple([z.string(), z.int()]).optional(),
    path: z.tuple([z.string()], z.number()).optional(),
    address: address.optional(),
    sealed: z.strictObject({ a: z.int(), b: z.boolean().nullish() }).optional(),
    scores: z.record(z.string().min(1).max(5), z.number()).default({}),
    seen: z.record(z.string(), z.date()).optional(),
    either: z.union([z.string().max(3), z.int(), z.null()]).optional(),
    when: z.union([z.date(), z.string(), z.object({ $date: z.string() })]).optional(),
    figure: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("circle"), radius: z.number().positive() }),
        z.object({ type: z.literal("square"), side: z.bigint() }),
      ])
      .optional(),
    deep: z
      .array(z.object({ at: z.date(), by: z.array(z.nullable(z.object({ id: z.bigint() }))) }))
      .default([{ at: new Date(0), by: [] }]),
    maybe: z.object({ a: z.string() }).nullable().optional(),
  }),
  indexes: ["count", "since"],
  merge: { tags: "union", count: "sum" },
  codec: "bincode",
  backend: memory(),
});
