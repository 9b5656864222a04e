import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { kindTitles } from "../../../generator/emit/bincode/kind-titles.js";
import { leastBytes } from "../../../generator/emit/bincode/layout.js";
import { rustTypes } from "../../../generator/emit/bincode/rust-types.js";
import { kindNames } from "../../../generator/emit/kind-names.js";
import type { KindModel, Model } from "../../../generator/model/model.js";
import { read } from "../model/read.js";

function rustOf(shape: z.ZodObject, name = "session"): string {
  const model: Pick<Model, "name" | "fields"> = { name, fields: read(shape) };
  return rustTypes(model, kindTitles(model, kindNames(name))).join("\n");
}

describe("the Rust types of a shape", () => {
  it("are those that docs/formats.md shows", () => {
    const page = readFileSync(new URL("../../../docs/formats.md", import.meta.url), "utf8");
    const [, shown] = /```rust\n(use bincode[^`]*)\n```/.exec(page) ?? [];
    const shape = z.object({
      userId: z.int().optional(),
      roles: z.array(z.enum(["admin", "editor"])).default([]),
      lastSeen: z.date().optional(),
      preferences: z
        .object({ theme: z.enum(["light", "dark"]), zoom: z.number().optional() })
        .nullable()
        .optional(),
    });
    expect(rustOf(shape)).toBe(shown);
  });

  it("have names of Rust, each once, and say those that are other ones", () => {
    const shape = z.object({
      type: z.int().optional(),
      self: z.int().optional(),
      "odd-name": z.int().optional(),
      odd_name: z.int().optional(),
      名前: z.int().optional(),
      "*/\n": z.int().optional(),
      "1st": z.int().optional(),
      pick: z.literal(["", "Self", "a b", "a-b", 1, true]).optional(),
    });
    expect(
      rustOf(shape).split("\n").slice(2).join("\n"),
    ).toBe(`#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Session {
    pub field: Option<i64>, // "*/\\n"
    pub field_1st: Option<i64>, // "1st"
    pub odd_name: Option<i64>, // "odd-name"
    pub odd_name_2: Option<i64>, // "odd_name"
    pub pick: Option<SessionPick>,
    pub self_: Option<i64>, // "self"
    pub r#type: Option<i64>,
    pub u540du524d: Option<i64>, // "名前"
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum SessionPick {
    Empty, // ""
    Self_, // "Self"
    AB, // "a b"
    AB2, // "a-b"
    N1, // 1
    True, // true
}`);
  });

  it("have no name that Rust or the file uses for something else", () => {
    const shape = z.object({ or: z.union([z.string(), z.int()]).optional() });
    const names = [...rustOf(shape, "value").matchAll(/pub (?:struct|enum) (\w+)/g)].map(([, name]) => name);
    expect(names).toEqual(["Value2", "Value"]);
  });
});

describe("the least bytes of a kind", () => {
  it.each<readonly [bytes: number, kind: KindModel]>([
    [0, { type: "null" }],
    [8, { type: "number" }],
    [1, { type: "nullable", inner: { type: "number" } }],
    [0, { type: "object", members: [] }],
    [
      9,
      {
        type: "object",
        members: [
          { name: "a", kind: { type: "number" } },
          { name: "b", kind: { type: "number" }, optional: true },
        ],
      },
    ],
    [9, { type: "tuple", items: [{ type: "number" }], rest: { type: "number" } }],
  ])("are %d", (bytes, kind) => {
    expect(leastBytes(kind)).toBe(bytes);
  });
});
