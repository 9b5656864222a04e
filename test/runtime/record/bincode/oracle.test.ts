import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KindModel } from "../../../../generator/model/model.js";
import { createFields } from "../../../../runtime/record/fields.js";
import { recordLimits } from "../../../../runtime/record/limits.js";
import type { WireFields } from "../../../../runtime/types/shape.js";
import { anyModelWithData, toShape } from "../../../suites/codec-models.js";
import { loadGeneratedCodec } from "../../../suites/generated-codec.js";
import { members, oracle } from "./oracle-forms.js";

function holds(kind: KindModel, type: KindModel["type"]): boolean {
  return JSON.stringify(kind, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  ).includes(`"type":"${type}"`);
}

/** bincode-ts cuts a byte order mark off the front of a text. */
function holdsMark(value: unknown): boolean {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? String(inner) : inner,
  ).includes("\ufeff");
}

describe("bincode-ts", () => {
  it("reads what was written of any shape without unions, and writes the same", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(anyModelWithData(), async ({ model, data }) => {
        fc.pre(!model.fields.some(({ kind }) => holds(kind, "union")));
        const fields = createFields(toShape(model));
        const { codec } = loadGeneratedCodec(model, "bincode");
        const form = members(model.fields.map(({ name, kind }) => ({ name, kind, optional: true })));
        for (const given of data.filter((each) => !holdsMark(each))) {
          const wire: WireFields = Object.fromEntries(
            Object.entries(given).flatMap(([name, value]) => {
              const converter = fields.find(name)?.converter;
              return converter === undefined ? [] : [[name, converter.toWire(value, name)] as const];
            }),
          );
          const ours = codec.encode({ meta: { writes: "" }, fields: wire }).slice(1);
          const buffer = new ArrayBuffer(1 << 20);
          const length = oracle.encode(form.type, form.to(wire) as never, buffer);
          const theirs = new Uint8Array(buffer, 0, length);
          expect(Buffer.from(theirs).toString("hex")).toBe(Buffer.from(ours).toString("hex"));
          const { value, offset } = oracle.decode(form.type, new Uint8Array(ours).buffer);
          expect(offset).toBe(ours.length);
          const frame = Uint8Array.of(0, ...theirs);
          expect(codec.decode(frame, recordLimits).fields).toEqual(form.from(value));
          compared += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
