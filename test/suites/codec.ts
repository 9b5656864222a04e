import { inspect } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../generator/model/model.js";
import type { Meta } from "../../runtime/record/contents.js";
import { createFields } from "../../runtime/record/fields.js";
import { recordLimits } from "../../runtime/record/limits.js";
import { wireEquals } from "../../runtime/record/wire-equals.js";
import type { Codec } from "../../runtime/types/codec.js";
import type { Shape, WireFields } from "../../runtime/types/shape.js";
import { openKind } from "../runtime/record/stored-bytes.js";
import { loadFixtureModel, refusedValues, sessionData } from "./codec-fixture.js";
import { anyModelWithData, toShape } from "./codec-models.js";

/** Makes the codec of a model. The shape is what generated code gives the runtime of it. */
export type MakeCodec = (model: Model, shape: Shape) => Codec | Promise<Codec>;

/** What every codec must do: values of every kind come back equal, or are refused alike when they are saved. */
export function codecSuite(what: string, make: MakeCodec, { models = 200 } = {}): void {
  const prepare = async (model: Model, shape: Shape): Promise<Codec> => {
    const codec = await make(model, shape);
    await codec.peer?.load();
    return codec;
  };

  describe(what, () => {
    it("gives back equal values of any shape, in objects whose prototypes are nobody's", async () => {
      await fc.assert(
        fc.asyncProperty(anyModelWithData(), async ({ model, data }) => {
          const shape = toShape(model);
          const codec = await prepare(model, shape);
          for (const given of data) expectSame(codec, toWire(shape, given));
        }),
        { numRuns: models },
      );
    });

    describe("sessions", () => {
      let model: Model;
      let codec: Codec;
      beforeAll(async () => {
        model = await loadFixtureModel();
        codec = await prepare(model, toShape(model));
      });

      it("come back as they were", async () => {
        await fc.assert(
          fc.asyncProperty(sessionData, async (data) => {
            const { sessions } = openKind({ codec });
            const session = sessions.create(data);
            await session.save();
            const loaded = await sessions.load(session.key ?? "");
            expect(loaded?.keys()).toEqual(session.keys());
            for (const [field, value] of loaded?.entries() ?? []) {
              const isInteger = field !== "score" && field !== "choice";
              expect(value, field).toStrictEqual(data[field] === 0 && isInteger ? 0 : data[field]);
            }
            expect(loaded?.isModified).toBe(false);
          }),
          { numRuns: 100 },
        );
      });

      it.each(refusedValues)("refuse %s when they are saved, and store nothing", async (_what, data) => {
        const { sessions, backend } = openKind({ codec });
        const session = sessions.create();
        const saved = (async () => {
          session.update(data);
          await session.save();
        })();
        await expect(saved).rejects.toMatchObject({ name: "SessionError", code: "invalid" });
        expect((await backend.abilities.scan.scan({ limit: 1 })).records).toEqual([]);
      });

      it("keep what the runtime says of them", () => {
        for (const meta of metas) {
          expect(codec.decode(codec.encode({ meta, fields: {} }), recordLimits).meta).toEqual(meta);
        }
      });

      it("share no memory with one another, nor with what they are read from", () => {
        const picture = Uint8Array.of(1, 2, 3);
        const first = codec.encode({ meta, fields: { picture } });
        const copy = new Uint8Array(first);
        codec.encode({ meta, fields: { picture: Uint8Array.of(9, 9, 9), name: "x".repeat(100) } });
        expect(new Uint8Array(first)).toEqual(copy);
        const decoded = codec.decode(first, recordLimits);
        first.fill(0);
        expect(decoded.fields["picture"]).toEqual(picture);
      });

      it("refuse more bytes than the limit", () => {
        const bytes = codec.encode({ meta, fields: { name: "some text" } });
        const maxBytes = bytes.length;
        expect(codec.decode(bytes, { ...recordLimits, maxBytes }).fields).toHaveProperty("name");
        expect(() => codec.decode(bytes, { ...recordLimits, maxBytes: maxBytes - 1 })).toThrow();
      });
    });
  });
}

/** The wire form of what an app holds, made by the runtime's own converters, which all codecs share. */
export function toWire(shape: Shape, data: Readonly<Record<string, unknown>>): WireFields {
  const fields = createFields(shape);
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const field = fields.find(name);
      return field === undefined ? [] : [[name, field.converter.toWire(value, name)] as const];
    }),
  );
}

function expectSame(codec: Codec, fields: WireFields): void {
  const decoded = codec.decode(codec.encode({ meta, fields }), recordLimits);
  expect(decoded.meta).toEqual(meta);
  const isSame = wireEquals(decoded.fields, fields);
  expect(isSame, `${inspect(decoded.fields, deep)} came back for ${inspect(fields, deep)}`).toBe(true);
  expectPlain(decoded.fields);
}

/** Fails for objects with a prototype of their own, and when `Object.prototype` was changed. */
export function expectPlain(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const prototypes: unknown[] = Array.isArray(value)
    ? [Array.prototype]
    : value instanceof Uint8Array
      ? [Uint8Array.prototype]
      : [null, Object.prototype];
  const prototype: unknown = Object.getPrototypeOf(value);
  // A call of `expect` for each of a million values would take longer than all that makes them.
  if (!prototypes.includes(prototype)) expect(prototypes).toContain(prototype);
  if (!(value instanceof Uint8Array)) for (const member of Object.values(value)) expectPlain(member);
}

const deep = { depth: 20 };
const meta: Meta = { writes: "12345678abcdefgh" };

const metas: readonly Meta[] = [
  { writes: "" },
  meta,
  { writes: "12345678".repeat(8) },
  { ...meta, expiry: "browser" },
  { ...meta, expiry: { idle: 1_800_000 } },
  { ...meta, expiry: { at: 1_800_000_000_000 }, rotatedAt: 1_700_000_000_000.5 },
  { ...meta, foreign: ["a", "名前", ""], from: { id: "x".repeat(43), revision: 3 } },
  { ...meta, moved: { to: null } },
  { ...meta, moved: { to: "x".repeat(43), key: "sealed", usableFrom: 0, usableUntil: 1.7e12 } },
];
