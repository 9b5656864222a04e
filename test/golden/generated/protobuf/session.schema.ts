import { defineSession, memory } from "session-gen";
import { z } from "zod";

const address = z.object({
  /** Street and number. */
  street: z.string().min(1).max(80),
  /** Two letters, upper case. */
  country: z.string().regex(/^[A-Z]{2}$/),
  note: z.string().optional(),
  kind: z.enum(["home", "work"]).default("home"),
});

export default defineSession({
  shape: z.object({
    text: z.string().min(2).max(8).optional(),
    email: z.email().optional(),
    letters: z.string().regex(/^[a-z]+$/i).max(20).optional(),
    ratio: z.number().min(0).lt(1).optional(),
    step: z.number().multipleOf(0.1).optional(),
    count: z.int().min(-5).max(5).default(0),
    flag: z.boolean().default(false),
    big: z.bigint().min(-5n).lt(100n).multipleOf(5n).optional(),
    since: z.date().min(new Date(0)).max(new Date("2100-01-01T00:00:00Z")).optional(),
    blob: z.instanceof(Uint8Array).optional(),
    only: z.literal("only").optional(),
    level: z.literal([1, 2, 3]).optional(),
    mixed: z.literal(["a", 1, true]).optional(),
    theme: z.enum(["light", "dark"]).nullable().default(null),
    tags: z.array(z.string().max(10)).min(1).max(3).optional(),
    pair: z.tuple([z.string(), z.int()]).optional(),
    path: z.tuple([z.string()], z.number()).optional(),
    address: address.optional(),
    sealed: z.strictObject({ a: z.int(), b: z.boolean().optional() }).optional(),
    scores: z.record(z.string().min(1).max(5), z.number()).default({}),
    seen: z.record(z.string(), z.date()).optional(),
    either: z.union([z.string().max(3), z.int(), z.null()]).optional(),
    when: z.union([z.date(), z.string(), z.object({ $date: z.string() })]).optional(),
    shape: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("circle"), radius: z.number().positive() }),
        z.object({ type: z.literal("square"), side: z.bigint() }),
      ])
      .optional(),
    deep: z.array(z.object({ at: z.date(), by: z.array(z.nullable(z.object({ id: z.bigint() }))) })).default([]),
    maybe: z.object({ a: z.string() }).nullable().optional(),
  }),
  codec: "protobuf",
  backend: memory(),
});
