import { expect, test } from "vitest";
import { msgpackCodec } from "../../../runtime/codecs/msgpack.js";
import { recordLimits } from "../../../runtime/record/limits.js";
import { createConverter } from "../../../runtime/record/wire.js";
import type { WireFields } from "../../../runtime/types/shape.js";
import { toModel } from "../../suites/codec-models.js";
import { everyCodec } from "../../suites/every-codec.js";
import { loadGeneratedCodec } from "../../suites/generated-codec.js";

const meta = { writes: "12345678" };

test.each(everyCodec)("in %s, maps behind a tuple may have any key", async (_name, make) => {
  const text = { type: "string" } as const;
  const rest = { type: "record", keys: text, values: text } as const;
  const model = toModel([{ name: "row", kind: { type: "tuple", items: [text], rest } }]);
  const shape = { row: { kind: { tuple: ["string"], rest: { record: "string" } } } } as const;
  const codec = await make(model, shape);
  await codec.peer?.load();
  // The name under which protobuf keeps the fields of other versions in an object.
  const fields: WireFields = { row: ["a", { "\0protobuf": "CAE=", b: "c" }] };
  expect(codec.decode(codec.encode({ meta, fields }), recordLimits).fields).toEqual(fields);
});

test("MessagePack keeps bigints of fields that it does not know, however large", async () => {
  const [before, after] = [msgpackCodec({}), msgpackCodec({ gone: { kind: "bigint" } })];
  for (const { peer } of [before, after]) await peer?.load();
  for (const gone of [1n, 2n ** 60n, -(2n ** 80n)]) {
    const bytes = before.encode({ meta, fields: { gone } });
    expect(after.decode(bytes, recordLimits).fields).toEqual({ gone });
  }
});

test.each(everyCodec.slice(0, 3))(
  "%s takes over an object without a member that it should have",
  async (_name, make) => {
    const members = [{ name: "a", kind: { type: "string" } }] as const;
    const model = toModel([{ name: "some", kind: { type: "object", members } }]);
    const former = loadGeneratedCodec(model, "protobuf").codec;
    const { fields } = former.decode(Uint8Array.of(0, 10, 0), recordLimits);
    const codec = await make(model, { some: { kind: { object: { a: { kind: "string" } } } } });
    await codec.peer?.load();
    expect(codec.decode(codec.encode({ meta, fields }), recordLimits).fields).toEqual({ some: {} });
  },
);

test.each(["protobuf", "bincode"] as const)(
  "%s refuses half a surrogate pair in a text that has no rule of its own, in both forms",
  (name) => {
    const { encode, codec } = loadGeneratedCodec(toModel([{ name: "text", kind: { type: "string" } }]), name);
    const invalid = expect.objectContaining({ code: "invalid" });
    for (const text of ["\ud800", `${"a".repeat(200)}\udc00`]) {
      expect(() => encode({ text })).toThrow(invalid);
      expect(() => codec.encode({ meta, fields: { text } })).toThrow(invalid);
    }
    expect(encode({ text: "😀" }).length).toBeGreaterThan(4);
  },
);

test("an object that is moved to another field takes no member along that is known there, and none into a strict one", () => {
  const from = createConverter({ object: { a: { kind: "string" } } });
  const members = { a: { kind: "string" }, b: { kind: "integer" } } as const;
  const value = from.fromWire({ a: "a", b: "of another version", c: [1] }) as object;
  const into = createConverter({ object: members });
  expect(into.toWire({ ...value, b: 2 }, "to")).toEqual({ a: "a", b: 2, c: [1] });
  expect(into.toWire(value, "to")).toEqual({ a: "a", c: [1] });
  expect(createConverter({ object: members, strict: true }).toWire({ ...value, b: 2 }, "to")).toEqual({
    a: "a",
    b: 2,
  });
});
