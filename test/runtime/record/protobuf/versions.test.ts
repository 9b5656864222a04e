import { describe, expect, test, vi } from "vitest";
import { type ModelFile, withHash } from "../../../../generator/history/model-file.js";
import { numberFields } from "../../../../generator/history/numbering.js";
import { knownNumbers } from "../../../../generator/history/numbers.js";
import type { FieldModel, KindModel } from "../../../../generator/model/model.js";
import { recordLimits } from "../../../../runtime/record/limits.js";
import { createConverter } from "../../../../runtime/record/wire.js";
import type { Codec } from "../../../../runtime/types/codec.js";
import type { WireFields } from "../../../../runtime/types/shape.js";
import { toModel, toShape } from "../../../suites/codec-models.js";
import { type LoadedCodec, loadGeneratedCodec } from "../../../suites/generated-codec.js";

type Fields = Readonly<Record<string, KindModel>>;

/** The codecs of versions of one shape, each numbered after those before it. */
function versions(...shapes: readonly Fields[]): readonly LoadedCodec[] {
  let file: ModelFile | undefined;
  return shapes.map((shape) => {
    const fields = Object.entries(shape).map(([name, kind]): FieldModel => ({ name, kind }));
    const parents = file?.versions.slice(-1).map(({ hash }) => hash) ?? [];
    const version = withHash({ parents, shape: "", fields: numberFields(fields, file) });
    file = { versions: [...(file?.versions ?? []), version] };
    return loadGeneratedCodec(toModel(fields), "protobuf", { numbers: knownNumbers(file) });
  });
}

const meta = { writes: "12345678" };
const write = (codec: Codec, fields: WireFields): Uint8Array => codec.encode({ meta, fields });
const read = (codec: Codec, bytes: Uint8Array) => codec.decode(bytes, recordLimits);
/** The members alone, without the bytes that they were read from. */
const membersOf = (fields: WireFields): WireFields => Object.fromEntries(Object.entries(fields));

/** What the second version reads after the first one has read and written it, a field of its own changed. */
function throughOther(before: LoadedCodec, after: LoadedCodec, fields: WireFields, changes: WireFields = {}) {
  const { fields: seen } = read(before.codec, write(after.codec, fields));
  return membersOf(read(after.codec, write(before.codec, { ...seen, ...changes })).fields);
}

const text: KindModel = { type: "string" };
const integer: KindModel = { type: "integer" };
const number: KindModel = { type: "number" };
const listOf = (items: KindModel): KindModel => ({ type: "array", items });
const recordOf = (values: KindModel): KindModel => ({ type: "record", keys: text, values });
const orNull = (inner: KindModel): KindModel => ({ type: "nullable", inner });
const oneOf = (...values: readonly string[]): KindModel => ({ type: "literal", values });

describe("a field that only the other version knows", () => {
  const inner = (members: Fields): KindModel => ({
    type: "object",
    members: Object.entries(members).map(([name, kind]) => ({ name, kind, optional: true })),
  });
  const shape = { a: text, o: inner({ x: text }) };
  const [before, after] = versions(shape, {
    ...shape,
    added: listOf(orNull(text)),
    none: orNull(text),
    empty: recordOf(text),
    o: inner({ x: text, y: integer, z: listOf(text) }),
  }) as [LoadedCodec, LoadedCodec];
  const stored = {
    a: "a",
    added: ["b", null, "x".repeat(200)],
    none: null,
    empty: {},
    o: { x: "x", y: -1, z: [] },
  };

  test("outlives a change of another one", () => {
    expect(throughOther(before, after, stored, { a: "changed" })).toEqual({ ...stored, a: "changed" });
  });

  test("is none that the other version would refuse", () => {
    expect(read(before.codec, write(after.codec, stored)).isChecked).toBe(true);
  });

  test("outlives a change of its own object, through the app", () => {
    const { o } = toShape(toModel([{ name: "o", kind: shape.o }]));
    if (o === undefined) throw new Error("no shape");
    const converter = createConverter(o.kind);
    const { fields } = read(before.codec, write(after.codec, stored));
    const value = converter.fromWire(fields["o"] ?? null) as { x: string };
    const changed = converter.toWire({ ...value, x: "changed" }, "o");
    expect(throughOther(before, after, stored, { o: changed })).toEqual({
      ...stored,
      o: { ...stored.o, x: "changed" },
    });
  });

  test("does not go with its object to a field of another shape, where its number is another's", () => {
    const to = inner({ x: text, n: integer });
    const [old, newer] = versions({ o: shape.o, to }, { o: inner({ x: text, y: text }), to }) as [
      LoadedCodec,
      LoadedCodec,
    ];
    const kinds = toShape(
      toModel([
        { name: "o", kind: shape.o },
        { name: "to", kind: to },
      ]),
    );
    const [from, into] = [kinds["o"], kinds["to"]].map((field) => createConverter(field?.kind ?? "null"));
    const { fields } = read(old.codec, write(newer.codec, { o: { x: "x", y: "y" } }));
    const value = from?.fromWire(fields["o"] ?? null) as object;
    for (const n of [1, undefined]) {
      const moved = into?.toWire({ ...value, n }, "to") ?? null;
      const { fields: again } = read(newer.codec, write(old.codec, { ...fields, to: moved }));
      expect(membersOf(again)).toEqual({
        o: { x: "x", y: "y" },
        to: n === undefined ? { x: "x" } : { x: "x", n },
      });
    }
  });

  test("outlives encode and decode of the whole data", () => {
    const bytes = write(after.codec, stored).subarray(1 + meta.writes.length);
    const again = before.encode({ ...before.decode(bytes), a: "changed" });
    expect(after.decode(again)).toEqual({ ...stored, a: "changed" });
  });
});

describe("a field that the newer version allows more of", () => {
  test.each<[string, KindModel, KindModel, WireFields["f"], WireFields["f"]]>([
    ["an integer to a number", integer, number, 7, 0.5],
    ["of a list", listOf(integer), listOf(number), [1, 300, -2], [0.5, -0, 2]],
    ["of a record", recordOf(integer), recordOf(number), { a: 1 }, { a: 0.5, b: 1 }],
    ["of a tuple", { type: "tuple", items: [integer] }, { type: "tuple", items: [number] }, [1], [0.5]],
    ["null", text, orNull(text), "a", null],
    ["null in a list", listOf(text), listOf(orNull(text)), ["a", ""], [null, "a", null, null]],
    ["null in a list of integers", listOf(integer), listOf(orNull(integer)), [1], [null, null]],
    ["null in a record", recordOf(text), recordOf(orNull(text)), { a: "a" }, { a: null, b: "b" }],
    ["null in lists of lists", listOf(listOf(text)), listOf(listOf(orNull(text))), [["a"], []], [[null], []]],
    ["values of an enum", oneOf("b"), oneOf("a", "b", "c"), "b", "c"],
    ["values of an enum in a list", listOf(oneOf("b", "a")), listOf(oneOf("a", "b", "c")), ["a"], ["c", "b"]],
    [
      "more elements of a tuple",
      { type: "tuple", items: [text] },
      { type: "tuple", items: [text], rest: integer },
      ["a"],
      ["a", 1, 2],
    ],
  ])("%s: each reads the other", (_what, kind, wider, old, recent) => {
    const [before, after] = versions({ f: kind }, { f: wider }) as [LoadedCodec, LoadedCodec];
    expect(read(after.codec, write(before.codec, { f: old ?? null }))).toEqual({
      meta,
      fields: { f: old },
      isChecked: true,
    });
    const seen = read(before.codec, write(after.codec, { f: recent ?? null }));
    expect(seen.isChecked).toBe(false);
    expect(before.checkWire(seen.fields).map(({ field }) => field)).toContain("f");
    expect(throughOther(before, after, { f: recent ?? null })).toEqual({ f: recent });
  });
});

describe("records that another codec wrote", () => {
  const [{ codec, checkWire }] = versions({ a: text, level: oneOf("low"), list: listOf(text) }) as [
    LoadedCodec,
  ];

  test("keep the members that have no number, and values of other types", () => {
    const fields: WireFields = {
      gone: { deep: [1, 2.5, -0, null, true, "x", 2n ** 70n, Uint8Array.of(1)], "": {} },
      level: "unknown",
      list: ["a", 1],
    };
    const back = read(codec, write(codec, fields));
    expect(back).toEqual({ meta, fields, isChecked: false });
    expect(checkWire(back.fields).map(({ field }) => field)).toEqual(["level", "list"]);
  });
});

describe("a field that has not changed", () => {
  const [{ codec }] = versions({ list: listOf(text), n: integer }) as [LoadedCodec];
  const long = "x".repeat(70);
  // Lengths in more bytes than they need, as nobody here writes them.
  const list = [10, 0xc6, 0x80, 0, ...Buffer.from(long), 10, 0x81, 0, 0x61];
  const bytes = (...fields: readonly number[]): Uint8Array => Uint8Array.of(0, ...fields);

  test("is copied as it stands", () => {
    const { fields } = read(codec, bytes(...list, 16, 1));
    expect(membersOf(fields)).toEqual({ list: [long, "a"], n: 1 });
    expect(codec.encode({ meta: { writes: "" }, fields: { ...fields, n: 2 } })).toEqual(
      Buffer.from(bytes(...list, 16, 2)),
    );
  });

  test("is found without a WeakMap, which each session that is read would make larger", () => {
    const set = vi.spyOn(WeakMap.prototype, "set");
    const { fields } = read(codec, bytes(...list, 16, 1));
    codec.encode({ meta, fields });
    const { length: count } = set.mock.calls;
    set.mockRestore();
    expect(count).toBe(0);
  });

  test("is written anew when it has changed, or was in several places", () => {
    const { fields } = read(codec, bytes(...list, 16, 1));
    const changed = codec.encode({ meta: { writes: "" }, fields: { ...fields, list: [long, "a"] } });
    expect(changed).toHaveLength(1 + 72 + 3 + 2);
    const scattered = read(codec, bytes(...list, 16, 1, 10, 1, 0x62, 10, 1, 0x63)).fields;
    expect(scattered["list"]).toEqual([long, "a", "b", "c"]);
    expect(codec.encode({ meta: { writes: "" }, fields: scattered })).toHaveLength(1 + 72 + 9 + 2);
  });
});
