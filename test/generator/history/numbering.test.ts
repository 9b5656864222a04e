import { describe, expect, test } from "vitest";
import { z } from "zod";
import { lineageOf } from "../../../generator/history/lineage.js";
import { type ModelFile, type ModelVersion, withHash } from "../../../generator/history/model-file.js";
import { numberFields } from "../../../generator/history/numbering.js";
import { shapeHash } from "../../../generator/history/shape-hash.js";
import { read } from "../model/read.js";

type Renamed = Readonly<Record<string, string>>;

const text = z.string().optional();
const int = z.int().optional();

/** The file with one more version, of this shape. */
function next(file: ModelFile | undefined, shape: z.ZodRawShape, renamed: Renamed = {}): ModelFile {
  const version = versionAfter(file, shape, renamed);
  return { versions: [...(file?.versions ?? []), version] };
}

function versionAfter(
  file: ModelFile | undefined,
  shape: z.ZodRawShape,
  renamed: Renamed = {},
): ModelVersion {
  const fields = read(z.object(shape));
  const numbered = numberFields(fields, file, renamed);
  const parents = file?.versions.slice(-1).map(({ hash }) => hash) ?? [];
  return withHash({ parents, shape: shapeHash(fields, numbered), fields: numbered });
}

const placesOf = ({ versions }: ModelFile) => versions.at(-1)?.fields.map(({ kind: _, ...place }) => place);

describe("a field", () => {
  test("keeps number and stored name when it is renamed, once and again, and back", () => {
    const first = next(undefined, { a: text, n: int });
    const second = next(first, { b: text, n: int }, { b: "a" });
    expect(placesOf(second)).toEqual([
      { number: 1, name: "b", stored: "a" },
      { number: 2, name: "n" },
    ]);
    const third = next(second, { b: text, n: int }, { b: "a" });
    expect(placesOf(third), "known already").toEqual(placesOf(second));
    expect(placesOf(next(third, { c: text }, { c: "b" }))).toEqual([{ number: 1, name: "c", stored: "a" }]);
    const back = next(third, { a: text, n: int }, { a: "b" });
    expect(placesOf(back)).toEqual(placesOf(first));
    expect(back.versions.at(-1)?.shape).toBe(first.versions[0]?.shape);
  });

  test("takes a new number and a new stored name when its type changes, and knows what it follows", () => {
    const first = next(undefined, { a: text, n: int });
    const second = next(first, { a: int, n: int });
    expect(placesOf(second)).toEqual([
      { number: 2, name: "n" },
      { number: 3, name: "a", stored: "a~3", follows: "a" },
    ]);
    const third = next(second, { b: z.boolean().optional() }, { b: "a" });
    expect(placesOf(third)).toEqual([{ number: 4, name: "b", follows: "a~3" }]);
    const again = next(second, { a: text, n: int });
    expect(placesOf(again)?.at(-1)).toEqual({ number: 4, name: "a", stored: "a~4", follows: "a~3" });
    expect(again.versions.at(-1)?.shape, "its records are told apart").not.toBe(first.versions[0]?.shape);
  });

  test("takes new ones when its name was another's", () => {
    const first = next(undefined, { a: text });
    const gone = next(first, { n: int });
    expect(placesOf(next(gone, { a: text, n: int }))).toEqual([
      { number: 2, name: "n" },
      { number: 3, name: "a", stored: "a~3" },
    ]);
    const renamed = next(first, { b: text }, { b: "a" });
    expect(placesOf(next(renamed, { a: text, b: text }))).toEqual([
      { number: 1, name: "b", stored: "a" },
      { number: 2, name: "a", stored: "a~2" },
    ]);
    expect(placesOf(next(gone, { "a~3": text, a: text }))).toEqual([
      { number: 3, name: "a~3" },
      { number: 4, name: "a", stored: "a~4" },
    ]);
  });

  test("is what it was while limits, null, members and values change, and an integer becomes a number", () => {
    const first = next(undefined, {
      n: int,
      e: z.enum(["x", "y"]).optional(),
      o: z.object({ p: z.int(), q: z.string() }).optional(),
    });
    const second = next(first, {
      n: z.number().max(5).nullish(),
      e: z.enum(["y", "z"]).optional(),
      o: z.object({ p: z.number(), r: z.string() }).optional(),
    });
    expect(placesOf(second)).toEqual(placesOf(first));
  });

  test.each([
    ["a list of", (item: z.ZodType) => z.array(item)],
    ["a record of", (item: z.ZodType) => z.record(z.string(), item)],
    ["a member", (item: z.ZodType) => z.object({ m: item })],
    ["a tuple with", (item: z.ZodType) => z.tuple([z.int(), item])],
    ["the rest of a tuple of", (item: z.ZodType) => z.tuple([z.int()], item)],
  ])("is another one when the type changes inside: %s", (_, wrap) => {
    const first = next(undefined, { a: wrap(z.string()).optional() });
    expect(placesOf(next(first, { a: wrap(z.int()).optional() }))).toEqual([
      { number: 2, name: "a", stored: "a~2", follows: "a" },
    ]);
  });

  test("has members that take new places when their names come back", () => {
    const members = (shape: z.ZodRawShape): z.ZodRawShape => ({ list: z.array(z.object(shape)).optional() });
    const first = next(undefined, members({ m: text, n: int }));
    const second = next(first, members({ n: int }));
    const third = next(second, members({ m: z.boolean().optional(), n: int }));
    expect(placesOf(third)).toEqual(placesOf(first));
    const list = (file: ModelFile) => file.versions.at(-1)?.fields[0]?.kind["items"];
    expect(list(third)).toMatchObject({
      members: [
        { number: 2, name: "n" },
        { number: 3, name: "m", stored: "m~3", kind: { type: "boolean" } },
      ],
    });
    expect(list(next(third, members({ m: z.boolean().optional() })))).toMatchObject({
      members: [{ number: 3, name: "m", stored: "m~3" }],
    });
    const back = next(second, members({ m: text, n: int }));
    expect(back.versions.at(-1)?.shape).not.toBe(first.versions[0]?.shape);
    expect(placesOf(next(third, members({ m: int }))), "a retype inside").toEqual([
      { number: 2, name: "list", stored: "list~2", follows: "list" },
    ]);
  });
});

test("the lineage of a field is all that records may hold of it, newest first", () => {
  const first = next(undefined, { a: text, n: int });
  const second = next(first, { a: z.string().max(9).optional(), n: int });
  const third = next(second, { b: z.string().max(9).optional(), n: int }, { b: "a" });
  const fourth = next(third, { b: int });
  const [one, two, three] = fourth.versions.map(({ shape }) => shape);
  const [lineage, ...rest] = lineageOf(fourth);
  expect(rest).toEqual([]);
  expect(lineage?.field).toMatchObject({ number: 3, name: "b", follows: "a" });
  expect(lineage?.earlier).toMatchObject([
    { field: { number: 1, name: "b", stored: "a", kind: { maxLength: 9 } }, shapes: [three] },
    { field: { number: 1, name: "a", kind: { maxLength: 9 } }, shapes: [two] },
    { field: { number: 1, name: "a" }, shapes: [one] },
  ]);
});
