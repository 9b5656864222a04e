import type { Codec, DecodeLimits } from "./codec.js";
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
    encode: (fields) => Buffer.from(stringify(rewrite(fields, forms, "toJson"))),
    decode(bytes, limits) {
      const value = parse(bytes, limits);
      return rewrite(value, forms, "fromJson");
    },
  };
}

function parse(bytes: Uint8Array, limits: DecodeLimits): WireFields {
  if (bytes.length > limits.maxBytes) throw new RangeError(`JSON of more than ${limits.maxBytes} bytes`);
  const value: unknown = JSON.parse(decoder.decode(bytes));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("not a JSON object");
  if (isDeeperThan(value, limits.maxDepth))
    throw new RangeError(`JSON of more than ${limits.maxDepth} levels`);
  return value as WireFields;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null && isDeeperThan(member, levels - 1)) return true;
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

function stringify(value: WireFields): string {
  return holdsNegativeZero(value) ? stringifyExactly(value) : JSON.stringify(value);
}

function holdsNegativeZero(value: object): boolean {
  for (const member of Object.values(value)) {
    if (typeof member === "object" ? member !== null && holdsNegativeZero(member) : Object.is(member, -0))
      return true;
  }
  return false;
}

/** `JSON.stringify` writes `-0` as `0`; this writes it as `-0`, which `JSON.parse` reads back. */
function stringifyExactly(value: WireValue): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyExactly).join(",")}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${stringifyExactly(member)}`,
  );
  return `{${members.join(",")}}`;
}
