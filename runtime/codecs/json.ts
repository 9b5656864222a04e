import { isUtf8 } from "node:buffer";
import { isContents, type RecordContents } from "../record/contents.js";
import { maxBigintBytes } from "../record/limits.js";
import type { Codec, DecodeLimits } from "../types/codec.js";
import type { Shape } from "../types/shape.js";
import { assertFewValues, assertStrictJson } from "./json-scan.js";
import { createFieldForms, type EarlierShape, type StoredForm } from "./stored-form.js";

/**
 * The default codec: JSON text that a person can read in the store. A bigint is its decimal text and bytes are
 * base64, told apart from strings by the shape, or the older ones that upgrades read; `-0` is kept.
 */
export function jsonCodec(shape: Shape, older: readonly EarlierShape[] = []): Codec {
  const forms = createFieldForms(shape, { bigint: bigintForm, bytes: bytesForm }, older);
  return {
    name: "json",
    encode: ({ meta, fields }) => Buffer.from(stringify({ meta, fields: forms.toStored(fields) })),
    decode(bytes, limits) {
      const { meta, fields } = parse(bytes, limits);
      return { meta, fields: forms.fromStored(fields) };
    },
  };
}

function parse(bytes: Uint8Array, limits: DecodeLimits): RecordContents {
  if (bytes.length > limits.maxBytes) throw new RangeError(`JSON of more than ${limits.maxBytes} bytes`);
  if (!isUtf8(bytes)) throw new TypeError("not UTF-8");
  assertFewValues(bytes, limits);
  const text = toBuffer(bytes).toString("utf8");
  const value: unknown = JSON.parse(text);
  if (!isContents(value)) throw new TypeError("not a JSON object with meta and fields");
  assertStrictJson(text, value, limits);
  return value;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const bigintGrammar = /^(?:0|-?[1-9]\d*)$/;
const base64Grammar = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A byte has 2.41 decimal digits. */
const longestBigint = Math.ceil(2.41 * maxBigintBytes) + 1;

const bigintForm: StoredForm = {
  toStored: (wire) => (typeof wire === "bigint" ? String(wire) : wire),
  fromStored: (json) =>
    typeof json === "string" && json.length <= longestBigint && bigintGrammar.test(json)
      ? BigInt(json)
      : json,
};

const bytesForm: StoredForm = {
  toStored: (wire) => (wire instanceof Uint8Array ? toBuffer(wire).toString("base64") : wire),
  fromStored: (json) =>
    typeof json === "string" && base64Grammar.test(json) ? new Uint8Array(Buffer.from(json, "base64")) : json,
};

function stringify(value: RecordContents): string {
  return isExact(value.fields) ? JSON.stringify(value) : stringifyExactly(value);
}

/** Whether `JSON.stringify` writes all of it: not `-0`, and not what a field that this version does not know may hold. */
function isExact(value: unknown): boolean {
  if (typeof value !== "object") return typeof value !== "bigint" && !Object.is(value, -0);
  if (value === null) return true;
  if (value instanceof Uint8Array) return false;
  for (const member of Object.values(value)) if (!isExact(member)) return false;
  return true;
}

/** Writes `-0` as `-0`, which `JSON.parse` reads back, and bigint and bytes as a version that knows the field does. */
function stringifyExactly(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `"${value}"`;
  if (value instanceof Uint8Array) return JSON.stringify(bytesForm.toStored(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyExactly).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${stringifyExactly(member)}`);
  return `{${members.join(",")}}`;
}
