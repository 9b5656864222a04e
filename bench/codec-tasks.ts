import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Encoder as CborEncoder } from "cbor-x";
import { Packr } from "msgpackr";
import protobufjs from "protobufjs";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { z } from "zod";
import * as bincode from "../test/golden/generated/bincode-example/expected/generated/codec.js";
import type { SessionData as BincodeData } from "../test/golden/generated/bincode-example/expected/generated/session.js";
import { validate as isBincodeData } from "../test/golden/generated/bincode-example/expected/generated/validate.js";
import { decode, encode } from "./example/generated/codec.js";
import { type SessionData, validate } from "./example/generated/index.js";
import { shape } from "./example/session.schema.js";
import { decodeByHand, encodeByHand } from "./hand-written.js";
import type { Comparison } from "./measure.js";

const plain = JSON.parse(readFileSync(new URL("./example/session.json", import.meta.url), "utf8"));
const json = JSON.stringify(plain);
const data: SessionData = { ...plain, lastLogin: new Date(plain.lastLogin) };

/** What reading is measured by. */
export const parse = (): unknown => JSON.parse(json);
/** What writing is measured by. */
export const stringify = (): Uint8Array => Buffer.from(JSON.stringify(plain));

interface Codec {
  encode(): Uint8Array;
  decode(bytes: Buffer): unknown;
}

/** Codecs by name. Ours and the one by hand validate what they read and write; the others do not. */
export const codecs: Readonly<Record<string, () => Codec>> = {
  "ours, protobuf": () => ({ encode: () => encode(data), decode }),
  "by hand, protobuf": () => ({ encode: () => encodeByHand(data), decode: decodeByHand }),
  "ours, bincode": bincodeCodec,
  "msgpackr, shared structures": () => withSharedStructures((structures) => new Packr({ structures })),
  "cbor-x, shared structures": () => withSharedStructures((structures) => new CborEncoder({ structures })),
  "protobufjs, session.proto": protobufjsCodec,
};

/** What a codec is measured by: writing against `JSON.stringify` into a Buffer, reading against `JSON.parse`. */
export function codecTasks(codec: Codec): readonly Comparison[] {
  const buffer = Buffer.from(Uint8Array.from(codec.encode()));
  if (!isDeepStrictEqual(toJson(codec.decode(buffer)), plain)) throw new Error("gives something else back");
  return [
    { name: "encode", run: () => codec.encode(), reference: stringify },
    { name: "decode", run: () => codec.decode(buffer), reference: parse },
  ];
}

/** How much of JSON's bytes it takes. */
export function sizeOf(codec: Codec): number {
  return codec.encode().length / json.length;
}

/** The check of `validate.ts` against others of the same schema. */
export function checkTasks(): readonly Comparison[] {
  const stored = z.toJSONSchema(shape.extend({ lastLogin: z.int().optional() }));
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).compile(stored);
  const compiled = Compile(Type.Unsafe(stored));
  const typebox = (): unknown => compiled.Check(plain);
  return [
    { name: "of zod", run: () => validate(data), reference: () => shape.safeParse(data) },
    { name: "of TypeBox", run: () => validate(data), reference: typebox },
    { name: "Ajv of TypeBox", run: () => ajv(plain), reference: typebox },
  ];
}

/** Of the same session in a schema that names its locales. */
function bincodeCodec(): Codec {
  const own = asBincode(data);
  return { encode: () => bincode.encode(own), decode: bincode.decode };
}

function asBincode(value: unknown): BincodeData {
  if (!isBincodeData(value)) throw new Error("The example is not of the schema in bincode.");
  return value;
}

function withSharedStructures(
  make: (structures: never[]) => { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): unknown },
): Codec {
  const codec = make([]);
  codec.encode(plain);
  return { encode: () => codec.encode(plain), decode: (bytes) => codec.decode(bytes) };
}

function protobufjsCodec(): Codec {
  const proto = readFileSync(new URL("./example/generated/session.proto", import.meta.url), "utf8");
  const type = protobufjs.parse(proto).root.lookupType("session.Session");
  const message = type.decode(encode(data));
  const toObject = { longs: Number, enums: String };
  return {
    encode: () => type.encode(message).finish(),
    decode: (bytes) => type.toObject(type.decode(bytes), toObject),
  };
}

/** As JSON has it; protobufjs names enum values as `session.proto` does. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value, (name, member: unknown) =>
    name === "lastLogin" ? Number(new Date(member as string | number)) : member,
  );
  return JSON.parse(
    text.replaceAll(/"(?:ROLES_ITEM|THEME|LANGUAGE)_(\w+)"/g, (_, word: string) => `"${word.toLowerCase()}"`),
  );
}
