import { describe, expect, it } from "vitest";
import { z } from "zod";
import { modelHash } from "../../../generator/model/model-hash.js";
import { read } from "./read.js";

describe("modelHash", () => {
  const base = z.object({ a: z.string().max(5).optional(), b: z.enum(["x", "y"]).default("x") });

  it("is 16 hexadecimal digits, always the same", () => {
    expect(modelHash(read(base))).toBe("264665d0fc443fc0");
  });

  it("does not see documentation, order and names of formats", () => {
    const other = z.object({
      b: z.enum(["y", "x"]).default("x"),
      a: z.string().max(5).optional().describe("A."),
    });
    expect(modelHash(read(other))).toBe(modelHash(read(base)));
  });

  it.each([
    ["a name", z.object({ a2: z.string().max(5).optional(), b: z.enum(["x", "y"]).default("x") })],
    ["a kind", z.object({ a: z.int().optional(), b: z.enum(["x", "y"]).default("x") })],
    ["a limit", z.object({ a: z.string().max(6).optional(), b: z.enum(["x", "y"]).default("x") })],
    ["a value", z.object({ a: z.string().max(5).optional(), b: z.enum(["x", "z"]).default("x") })],
    ["a default", z.object({ a: z.string().max(5).optional(), b: z.enum(["x", "y"]).default("y") })],
    ["null", z.object({ a: z.string().max(5).nullish(), b: z.enum(["x", "y"]).default("x") })],
  ])("sees %s", (_, shape) => {
    expect(modelHash(read(shape))).not.toBe(modelHash(read(base)));
  });

  it("sees the order of a tuple and of a default list", () => {
    const tuple = (...items: [z.ZodType, z.ZodType]) => z.object({ a: z.tuple(items).optional() });
    expect(modelHash(read(tuple(z.string(), z.int())))).not.toBe(modelHash(read(tuple(z.int(), z.string()))));
    const list = (value: number[]) => z.object({ a: z.array(z.int()).default(value) });
    expect(modelHash(read(list([1, 2])))).not.toBe(modelHash(read(list([2, 1]))));
  });
});
