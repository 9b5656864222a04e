import { isUtf8 } from "node:buffer";
import type { Codec, DecodeLimits } from "./codec.js";
import type { RecordContents } from "./contents.js";
import { createJsonForm, type JsonForm } from "./json-form.js";
import type { Shape, WireFields, WireValue } from "./shape.js";

/**
 * The default codec: JSON text that a person can read in the store. A bigint is its decimal text and bytes are
 * base64, told apart from strings by the shape; `-0` is kept.
 */
export function jsonCodec(shape: Shape): Codec {
  const forms = Object.entries(shape)
    .map(([name, field]) => [name, createJsonForm(field.kind)] as const)
    .filter((entry): entry is readonly [string, JsonForm] => entry[1] !== null);
  return {
    name: "json",
    encode: ({ meta, fields }) => Buffer.from(stringify({ meta, fields: rewrite(fields, forms, "toJson") })),
    decode(bytes, limits) {
      const { meta, fields } = parse(bytes, limits);
      return { meta, fields: rewrite(fields, forms, "fromJson") };
    },
  };
}

function parse(bytes: Uint8Array, limits: DecodeLimits): RecordContents {
  if (bytes.length > limits.maxBytes) throw new RangeError(`JSON of more than ${limits.maxBytes} bytes`);
  if (!isUtf8(bytes)) throw new TypeError("not UTF-8");
  const value: unknown = JSON.parse(toBuffer(bytes).toString("utf8"));
  if (!isContents(value)) throw new TypeError("not a JSON object with meta and fields");
  // Each level takes two bytes at least, so that most texts are too short to be too deep.
  if (bytes.length > 2 * limits.maxDepth && isDeeperThan(value, limits.maxDepth)) {
    throw new RangeError(`JSON of more than ${limits.maxDepth} levels`);
  }
  return value;
}

function isContents(value: unknown): value is RecordContents {
  return isObject(value) && "fields" in value && isObject(value.fields) && !Array.isArray(value.fields);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (isObject(member) && isDeeperThan(member, levels - 1)) return true;
  }
  return false;
}

type Direction = "toJson" | "fromJson";

/** A shallow copy with the fields that JSON cannot hold rewritten; the fields themselves when there are none. */
function rewrite(
  fields: WireFields,
  forms: readonly (readonly [string, JsonForm])[],
  direction: Direction,
): WireFields {
  const present = forms.filter(([name]) => Object.hasOwn(fields, name));
  if (present.length === 0) return fields;
  const rewritten: Record<string, WireValue> = Object.assign(Object.create(null), fields);
  for (const [name, form] of present) rewritten[name] = form[direction](fields[name] as WireValue);
  return rewritten;
}

function stringify(value: RecordContents): string {
  return holdsNegativeZero(value.fields) ? stringifyExactly(value) : JSON.stringify(value);
}

function holdsNegativeZero(value: object): boolean {
  for (const member of Object.values(value)) {
    if (typeof member === "object" ? member !== null && holdsNegativeZero(member) : Object.is(member, -0))
      return true;
  }
  return false;
}

/** `JSON.stringify` writes `-0` as `0`; this writes it as `-0`, which `JSON.parse` reads back. */
function stringifyExactly(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyExactly).join(",")}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${stringifyExactly(member)}`,
  );
  return `{${members.join(",")}}`;
}
