import { describe, expect, test } from "vitest";
import type { FieldModel } from "../../../generator/model/model.js";
import { toModel } from "../../suites/codec-models.js";
import { loadGeneratedCodec } from "../../suites/generated-codec.js";

const fields: readonly FieldModel[] = [
  { name: "title", kind: { type: "string" } },
  { name: "note", kind: { type: "string" } },
  {
    name: "place",
    kind: { type: "object", members: [{ name: "town", kind: { type: "string" }, optional: true }] },
  },
];

/** Has the members of a place, and says that it is something else. */
const tagged = Object.assign(Object.create({ [Symbol.toStringTag]: "Tagged" }), { town: "Paris" });

/** A codec keeps its writer and its reader for the next record. */
describe.each(["protobuf", "bincode"] as const)("what has done one record of %s", (format) => {
  const { encode, decode } = loadGeneratedCodec(toModel(fields), format);

  test("is not used for another one while it is at work", () => {
    encode({ title: "before" });
    const inner: Uint8Array[] = [];
    const outer = encode({
      title: "outer",
      place: {
        get town() {
          inner.push(encode({ title: "inner", note: "written meanwhile" }));
          return "Paris";
        },
      },
    });
    expect(decode(outer)).toEqual({ title: "outer", place: { town: "Paris" } });
    expect(inner.map(decode)).toContainEqual({ title: "inner", note: "written meanwhile" });
  });

  test("forgets what it refused", () => {
    const good = encode({ title: "good" });
    for (const place of [tagged, new Map(), 5, { town: 5 }, { town: "\ud800" }]) {
      expect(() => encode({ title: "bad", place })).toThrow(expect.objectContaining({ code: "invalid" }));
      expect(encode({ title: "good" })).toEqual(good);
    }
    for (const bytes of [good.subarray(0, -1), Uint8Array.of(...good, 0xff)]) {
      expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "invalid" }));
      expect(decode(good)).toEqual({ title: "good" });
    }
  });
});
