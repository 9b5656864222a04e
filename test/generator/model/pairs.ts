import * as TypeBox034 from "@sinclair/typebox";
import { bytes, date } from "session-gen/typebox";
import Type from "typebox";
import { z } from "zod";
import * as mini from "zod/mini";

const Old = TypeBox034.Type;
const day = new Date("2026-01-02T03:04:05.678Z");

/** The same field four times: zod, zod/mini, TypeBox 1.x, TypeBox 0.34. `null` where a library has no word for it. */
export const pairs: Record<
  string,
  readonly [z.ZodType, mini.ZodMiniType | null, Type.TSchema, TypeBox034.TSchema | null]
> = {
  string: [z.string(), mini.string(), Type.String(), Old.String()],
  lengths: [
    z.string().min(1).min(2).max(9).max(8),
    mini.string().check(mini.minLength(2), mini.maxLength(8)),
    Type.String({ minLength: 2, maxLength: 8 }),
    Old.String({ minLength: 2, maxLength: 8 }),
  ],
  "exact length": [
    z.string().length(3),
    mini.string().check(mini.length(3)),
    Type.String({ minLength: 3, maxLength: 3 }),
    Old.String({ minLength: 3, maxLength: 3 }),
  ],
  pattern: [
    z.string().regex(/^a+$/),
    mini.string().check(mini.regex(/^a+$/)),
    Type.String({ pattern: "^a+$" }),
    Old.String({ pattern: "^a+$" }),
  ],
  "pattern with flags": [
    z.string().regex(/^a$/i),
    null,
    Type.String({ pattern: /^a$/i }),
    Old.RegExp(/^a$/i),
  ],
  email: [z.email(), mini.email(), Type.String({ format: "email" }), Old.String({ format: "email" })],
  "email by method": [
    z.string().email(),
    null,
    Type.String({ format: "email" }),
    Old.String({ format: "email" }),
  ],
  uuid: [z.uuid(), mini.uuid(), Type.String({ format: "uuid" }), Old.String({ format: "uuid" })],
  url: [z.url(), mini.url(), Type.String({ format: "uri" }), Old.String({ format: "uri" })],
  date: [z.iso.date(), mini.iso.date(), Type.String({ format: "date" }), Old.String({ format: "date" })],
  "date-time": [
    z.iso.datetime({ offset: true }),
    mini.iso.datetime({ offset: true }),
    Type.String({ format: "date-time" }),
    Old.String({ format: "date-time" }),
  ],
  duration: [z.iso.duration(), null, Type.String({ format: "duration" }), Old.String({ format: "duration" })],
  ipv4: [z.ipv4(), mini.ipv4(), Type.String({ format: "ipv4" }), Old.String({ format: "ipv4" })],
  ipv6: [z.ipv6(), mini.ipv6(), Type.String({ format: "ipv6" }), Old.String({ format: "ipv6" })],
  hostname: [z.hostname(), mini.hostname(), Type.String({ format: "hostname" }), null],
  number: [z.number(), mini.number(), Type.Number(), Old.Number()],
  "number limits": [
    z.number().min(0).gt(0).max(10).multipleOf(0.5),
    mini.number().check(mini.gt(0), mini.lte(10), mini.multipleOf(0.5)),
    Type.Number({ exclusiveMinimum: 0, maximum: 10, multipleOf: 0.5 }),
    Old.Number({ exclusiveMinimum: 0, maximum: 10, multipleOf: 0.5 }),
  ],
  integer: [z.int(), mini.int(), Type.Integer(), Old.Integer()],
  "integer by method": [
    z.number().int().min(1),
    null,
    Type.Integer({ minimum: 1 }),
    Old.Integer({ minimum: 1 }),
  ],
  int32: [
    z.int32(),
    mini.int32(),
    Type.Integer({ minimum: -2147483648, maximum: 2147483647 }),
    Old.Integer({ minimum: -2147483648, maximum: 2147483647 }),
  ],
  uint32: [z.uint32(), mini.uint32(), Type.Integer({ minimum: 0, maximum: 4294967295 }), null],
  float64: [z.float64(), mini.float64(), Type.Number(), Old.Number()],
  float32: [
    z.float32(),
    mini.float32(),
    Type.Number({ minimum: -3.4028234663852886e38, maximum: 3.4028234663852886e38 }),
    null,
  ],
  boolean: [z.boolean(), mini.boolean(), Type.Boolean(), Old.Boolean()],
  bigint: [z.bigint(), mini.bigint(), Type.BigInt(), Old.BigInt()],
  "bigint limits": [
    z.bigint().min(1n).lt(100n).multipleOf(2n),
    mini.bigint().check(mini.gte(1n), mini.lt(100n), mini.multipleOf(2n)),
    Type.BigInt({ minimum: 1n, exclusiveMaximum: 100n, multipleOf: 2n }),
    Old.BigInt({ minimum: 1n, exclusiveMaximum: 100n, multipleOf: 2n }),
  ],
  int64: [
    z.int64(),
    mini.int64(),
    Type.BigInt({ minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n }),
    Old.BigInt({ minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n }),
  ],
  Date: [z.date(), mini.date(), date(), Old.Date()],
  "Date limits": [
    z
      .date()
      .min(day)
      .max(new Date(day.getTime() + 9)),
    mini.date().check(mini.gte(day), mini.lt(new Date(day.getTime() + 10))),
    date({ minimumTimestamp: day.getTime(), maximumTimestamp: day.getTime() + 9 }),
    Old.Date({ minimumTimestamp: day.getTime(), exclusiveMaximumTimestamp: day.getTime() + 10 }),
  ],
  bytes: [z.instanceof(Uint8Array), mini.instanceof(Uint8Array), bytes(), Old.Uint8Array()],
  "bytes limits": [
    z.instanceof(Uint8Array).check(z.minLength(1), z.maxLength(9)),
    null,
    bytes({ minByteLength: 1, maxByteLength: 9 }),
    Old.Uint8Array({ minByteLength: 1, maxByteLength: 9 }),
  ],
  literal: [z.literal("a"), mini.literal("a"), Type.Literal("a"), Old.Literal("a")],
  literals: [
    z.literal(["a", 1, true]),
    mini.literal(["a", 1, true]),
    Type.Union([Type.Literal("a"), Type.Literal(1), Type.Literal(true)]),
    Old.Union([Old.Literal("a"), Old.Literal(1), Old.Literal(true)]),
  ],
  enum: [z.enum(["a", "b"]), mini.enum(["a", "b"]), Type.Enum(["a", "b"]), Old.Enum({ A: "a", B: "b" })],
  "native enum": [
    z.enum({ Up: 0, Down: 1, 0: "Up", 1: "Down" } as unknown as { readonly Up: 0; readonly Down: 1 }),
    null,
    Type.Enum({ Up: 0, Down: 1 }),
    Old.Enum({ Up: 0, Down: 1 }),
  ],
  array: [z.array(z.int()), mini.array(mini.int()), Type.Array(Type.Integer()), Old.Array(Old.Integer())],
  "array limits": [
    z.array(z.int()).min(1).max(3).readonly(),
    mini.readonly(mini.array(mini.int()).check(mini.minLength(1), mini.maxLength(3))),
    Type.Readonly(Type.Array(Type.Integer(), { minItems: 1, maxItems: 3 })),
    Old.Readonly(Old.Array(Old.Integer(), { minItems: 1, maxItems: 3 })),
  ],
  tuple: [
    z.tuple([z.string(), z.int()]),
    mini.tuple([mini.string(), mini.int()]),
    Type.Tuple([Type.String(), Type.Integer()]),
    Old.Tuple([Old.String(), Old.Integer()]),
  ],
  object: [
    z.object({ a: z.string().optional(), b: z.int().default(1), c: z.boolean() }),
    mini.object({ a: mini.optional(mini.string()), b: mini._default(mini.int(), 1), c: mini.boolean() }),
    Type.Object({ a: Type.Optional(Type.String()), b: Type.Integer({ default: 1 }), c: Type.Boolean() }),
    Old.Object({ a: Old.Optional(Old.String()), b: Old.Integer({ default: 1 }), c: Old.Boolean() }),
  ],
  "strict object": [
    z.strictObject({ a: z.string() }),
    mini.strictObject({ a: mini.string() }),
    Type.Object({ a: Type.String() }, { additionalProperties: false }),
    Old.Object({ a: Old.String() }, { additionalProperties: false }),
  ],
  record: [
    z.record(z.string(), z.int()),
    mini.record(mini.string(), mini.int()),
    Type.Record(Type.String(), Type.Integer()),
    Old.Record(Old.String(), Old.Integer()),
  ],
  "record with a pattern": [
    z.record(z.string().regex(/^a/), z.int()),
    null,
    Type.Record(Type.String({ pattern: "^a" }), Type.Integer()),
    Old.Record(Old.String({ pattern: "^a" }), Old.Integer()),
  ],
  "record with named keys": [
    z.record(z.enum(["a", "b"]), z.int()),
    mini.record(mini.enum(["a", "b"]), mini.int()),
    Type.Record(Type.Enum(["a", "b"]), Type.Integer(), { additionalProperties: false }),
    Old.Record(Old.Union([Old.Literal("a"), Old.Literal("b")]), Old.Integer(), {
      additionalProperties: false,
    }),
  ],
  "partial record": [
    z.partialRecord(z.enum(["a", "b"]), z.int()),
    mini.partialRecord(mini.enum(["a", "b"]), mini.int()),
    Type.Object(
      { a: Type.Optional(Type.Integer()), b: Type.Optional(Type.Integer()) },
      { additionalProperties: false },
    ),
    null,
  ],
  union: [
    z.union([z.string(), z.union([z.int(), z.string()]), z.date()]),
    mini.union([mini.string(), mini.int(), mini.date()]),
    Type.Union([Type.String(), Type.Integer(), date()]),
    Old.Union([Old.String(), Old.Integer(), Old.Date()]),
  ],
  "union with literals": [
    z.union([z.literal("a"), z.int(), z.literal("b"), z.null()]),
    mini.nullable(mini.union([mini.literal("a"), mini.int(), mini.literal("b")])),
    Type.Union([Type.Null(), Type.Literal("a"), Type.Integer(), Type.Literal("b")]),
    Old.Union([Old.Literal("a"), Old.Integer(), Old.Literal("b"), Old.Null()]),
  ],
  "discriminated union": [
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("a"), n: z.int() }),
      z.object({ type: z.literal("b") }),
    ]),
    null,
    Type.Union([
      Type.Object({ type: Type.Literal("a"), n: Type.Integer() }),
      Type.Object({ type: Type.Literal("b") }),
    ]),
    Old.Union([
      Old.Object({ type: Old.Literal("a"), n: Old.Integer() }),
      Old.Object({ type: Old.Literal("b") }),
    ]),
  ],
  null: [z.null(), mini.null(), Type.Null(), Old.Null()],
  nullable: [
    z.string().nullable(),
    mini.nullable(mini.string()),
    Type.Union([Type.String(), Type.Null()]),
    Old.Union([Old.String(), Old.Null()]),
  ],
};
