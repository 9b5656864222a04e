import * as TypeBox034 from "@sinclair/typebox";
import { database, defineSession, env, memory, type SessionDefinition } from "session-gen";
import { bytes, date } from "session-gen/typebox";
import Type from "typebox";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";

const zodShape = z.object({
  userId: z.int().optional(),
  roles: z.array(z.enum(["admin", "editor"])).default([]),
  visits: z.int().default(0),
  total: z.bigint().optional(),
  lastSeen: z.date().optional(),
  avatar: z.instanceof(Uint8Array).optional(),
  point: z.tuple([z.number(), z.number()]).optional(),
  theme: z.enum(["dark", "light"]).nullish(),
  "odd-name": z.string().max(10).optional(),
});
const miniShape = mini.object({
  userId: mini.optional(mini.int()),
  roles: mini._default(mini.array(mini.string()), []),
  visits: mini._default(mini.int(), 0),
});
const typeboxShape = Type.Object({
  userId: Type.Optional(Type.Integer()),
  roles: Type.Array(Type.Union([Type.Literal("admin"), Type.Literal("editor")]), { default: [] }),
  visits: Type.Integer({ default: 0 }),
  total: Type.Optional(Type.BigInt()),
  lastSeen: Type.Optional(date()),
  avatar: Type.Optional(bytes()),
  point: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
  theme: Type.Optional(Type.Union([Type.Literal("dark"), Type.Null()])),
  "odd-name": Type.Optional(Type.String({ maxLength: 10 })),
});
const { Type: Old } = TypeBox034;
const oldShape = Old.Object({
  userId: Old.Optional(Old.Integer()),
  roles: Old.Array(Old.String(), { default: [] }),
  visits: Old.Integer({ default: 0 }),
  total: Old.Optional(Old.BigInt()),
  lastSeen: Old.Optional(Old.Date()),
  avatar: Old.Optional(Old.Uint8Array()),
  point: Old.Optional(Old.Tuple([Old.Number(), Old.Number()])),
  theme: Old.Optional(Old.Union([Old.Literal("dark"), Old.Null()])),
  "odd-name": Old.Optional(Old.String({ maxLength: 10 })),
});

describe("what compiles", () => {
  it("names fields of a zod shape", () => {
    expectTypeOf(
      defineSession({
        shape: zodShape,
        indexes: ["userId", "lastSeen", "theme", "odd-name", "total"],
        merge: { visits: "sum", total: "sum", roles: "append", theme: "reject", avatar: "replace" },
        redact: ["roles", "odd-name"],
        rotation: { onChange: ["userId"], every: "1h" },
        backend: database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") }),
        expiry: { idle: "30m", absolute: 86_400, touchAfter: "1.5m" },
      }),
    ).toEqualTypeOf<SessionDefinition>();
    defineSession({ shape: miniShape, indexes: ["userId"], merge: { visits: "sum", roles: "union" } });
  });

  it("names fields of a TypeBox shape, 1.x and 0.34", () => {
    for (const definition of [
      defineSession({
        shape: typeboxShape,
        indexes: ["userId", "lastSeen", "theme", "odd-name", "total"],
        merge: { visits: "sum", total: "sum", roles: "append" },
        redact: ["roles"],
      }),
      defineSession({
        shape: oldShape,
        indexes: ["userId", "lastSeen", "theme", "odd-name", "total"],
        merge: { visits: "sum", total: "sum", roles: "union" },
        redact: ["roles"],
      }),
    ]) {
      expect(definition.options["redact"]).toEqual(["roles"]);
    }
  });
});

describe("what does not compile", () => {
  it("a field that does not exist", () => {
    // @ts-expect-error no such field
    defineSession({ shape: zodShape, indexes: ["userid"] });
    // @ts-expect-error no such field
    defineSession({ shape: typeboxShape, indexes: ["userid"] });
    // @ts-expect-error no such field
    defineSession({ shape: oldShape, redact: ["rolez"] });
    // @ts-expect-error no such field
    defineSession({ shape: miniShape, redact: ["rolez"] });
    // @ts-expect-error no such field
    defineSession({ shape: zodShape, merge: { visit: "sum" } });
    // @ts-expect-error no such field
    defineSession({ shape: typeboxShape, merge: { visit: "sum" } });
    // @ts-expect-error no such field
    defineSession({ shape: zodShape, rotation: { onChange: ["user"] } });
  });

  it("an index on anything but a scalar", () => {
    // @ts-expect-error an array
    defineSession({ shape: zodShape, indexes: ["roles"] });
    // @ts-expect-error bytes
    defineSession({ shape: zodShape, indexes: ["avatar"] });
    // @ts-expect-error an array
    defineSession({ shape: typeboxShape, indexes: ["roles"] });
    // @ts-expect-error bytes
    defineSession({ shape: typeboxShape, indexes: ["avatar"] });
    // @ts-expect-error a tuple
    defineSession({ shape: oldShape, indexes: ["point"] });
  });

  it("a merge strategy that the type does not allow", () => {
    // @ts-expect-error sum of a list
    defineSession({ shape: zodShape, merge: { roles: "sum" } });
    // @ts-expect-error append to a number
    defineSession({ shape: zodShape, merge: { visits: "append" } });
    // @ts-expect-error a tuple has a fixed length
    defineSession({ shape: zodShape, merge: { point: "append" } });
    // @ts-expect-error sum of a date
    defineSession({ shape: typeboxShape, merge: { lastSeen: "sum" } });
    // @ts-expect-error union of a number
    defineSession({ shape: typeboxShape, merge: { visits: "union" } });
    // @ts-expect-error sum of text
    defineSession({ shape: oldShape, merge: { "odd-name": "sum" } });
  });

  it("an option that does not exist, at every level", () => {
    // @ts-expect-error misspelt
    defineSession({ shape: zodShape, indices: ["userId"] });
    // @ts-expect-error misspelt
    defineSession({ shape: zodShape, expiry: { ttl: "1h" } });
    // @ts-expect-error misspelt
    defineSession({ shape: zodShape, cookie: { samesite: "lax" } });
    // @ts-expect-error misspelt
    defineSession({ shape: zodShape, rotation: { after: "1h" } });
    // @ts-expect-error misspelt
    memory({ max: 10 });
    // @ts-expect-error no url
    database({ dialect: "sqlite" });
    // @ts-expect-error not a dialect
    database({ dialect: "oracle", url: "x" });
    // @ts-expect-error no unit
    defineSession({ shape: zodShape, deadline: "2" });
    // @ts-expect-error no such unit
    defineSession({ shape: zodShape, deadline: "2w" });
  });

  it("a shape that is no object", () => {
    // @ts-expect-error a string
    defineSession({ shape: z.string() });
    // @ts-expect-error a string
    defineSession({ shape: Type.String() });
    // @ts-expect-error a string
    defineSession({ shape: Old.String() });
    // @ts-expect-error plain fields
    defineSession({ shape: { userId: z.int() } });
  });
});
