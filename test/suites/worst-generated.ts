import type { FieldModel, KindModel } from "../../generator/model/model.js";
import { toModel } from "./codec-models.js";
import { generatedCodecScript } from "./generated-codec.js";

const integer: KindModel = { type: "integer" };

const kinds: Readonly<Record<string, KindModel>> = {
  objects: { type: "array", items: { type: "object", members: [] } },
  texts: { type: "array", items: { type: "string" } },
  integers: { type: "array", items: integer },
  entries: { type: "record", keys: { type: "string" }, values: integer },
  any: { type: "union", members: [integer, { type: "array", items: integer }] },
  bigint: { type: "bigint" },
  nulls: { type: "array", items: { type: "null" } },
};

const order = ["any", "bigint", "entries", "integers", "nulls", "objects", "texts"];
const fields = order.map((name): FieldModel => ({ name, kind: kinds[name] ?? integer }));

/** The codecs of a shape with what asks for most, as scripts for another thread. */
export const worstScripts = {
  protobuf: generatedCodecScript(toModel(fields), "protobuf"),
  bincode: generatedCodecScript(toModel(fields), "bincode"),
} as const;

/**
 * Makes bytes, in another thread, that ask these codecs for as much as they can: `size`, `filled` and `named` as there.
 * The fields are in the order of their names, which are their places in bincode, and from 1 on their numbers in protobuf.
 */
export const worstInputs = `
const repeated = (head, part) => {
  const bytes = Buffer.alloc(size - 64 - ((size - 64 - head.length) % part.length));
  bytes.set(head);
  return bytes.fill(Buffer.from(part), head.length);
};
const four = (value) => [value & 0x7f | 0x80, value >> 7 & 0x7f | 0x80, value >> 14 & 0x7f | 0x80, value >> 21];
const run = (tag, length) => [0, ...tag, ...four(length)];
const rest = (tag, byte) => filled(run(tag, size - 64), byte);
const nestedLists = () => {
  const bytes = Buffer.alloc(size - 64);
  let start = bytes.length;
  for (; start > 64; start -= 10) {
    const inner = bytes.length - start;
    bytes.set([0x42, ...four(inner + 5), 0x0a, ...four(inner)], start - 10);
  }
  return Buffer.concat([Buffer.from(run([0x0a], bytes.length - start)), bytes.subarray(start)]);
};
const listedNull = Buffer.from([0x0a, 2, 8, 1]);
const distinctNumbers = () => {
  const bytes = Buffer.alloc(4e6);
  for (let at = 0; at < bytes.length; at += 4) bytes.set(four(2 ** 21 + at), at);
  return bytes;
};
const nullFields = [0xf2, 0xff, 0xff, 0xff, 0x0f];
const field = (place, ...bytes) => [0, ...new Array(place).fill(0), 1, ...bytes];
const countOf = (count) => [252, count & 255, count >> 8 & 255, count >> 16 & 255, 0];
const none = (place, after) => Buffer.from([...field(place, ...after), ...new Array(6 - place).fill(0)]);
const ofGenerated = {
  protobuf: [
    () => repeated([0], [0x32, 0]),
    () => repeated([0], [0x3a, 0]),
    () => rest([0x22], 0),
    () => named("\\0", "\\x1a\\x08\\x0a\\x04", "\\x10\\0", 0),
    nestedLists,
    () => Buffer.concat([Buffer.from([...run([0x0a], 4e6 + 5), 0x42, ...four(4e6)]), Buffer.alloc(4e6, listedNull)]),
    () => rest([0x12], 0xff),
    () => repeated([0], [0xf8, 1, 0]),
    () => repeated([0], [0x32, 0, 0xf8, 1, 0]),
    () => rest(nullFields, 5),
    () => Buffer.concat([Buffer.from(run(nullFields, 4e6)), distinctNumbers()]),
  ],
  bincode: [
    () => none(4, countOf(2 ** 17)),
    () => none(5, countOf(2 ** 17)),
    () => none(4, [253, 0, 0, 0, 0, 0, 1, 0, 0]),
    () => filled(field(3, ...countOf(size - 100)), 0),
    () => filled(field(6, ...countOf(size - 100)), 0),
    () => named(Buffer.from(field(2, ...countOf(2 ** 19))).toString("latin1"), "\\x04", "\\0", 0),
    () => repeated(field(0), [7, 1]),
    () => filled(field(0, 7, ...countOf(size - 100)), 0),
    () => filled(field(1, ...countOf(size - 100)), 0xff),
  ],
};
`;
