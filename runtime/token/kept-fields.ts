import type { FieldChange } from "../session/merge.js";
import type { WireFields, WireValue } from "../types/shape.js";

/** How many bytes fields take in memory, roughly; what is beyond `most` is not counted. */
export function weightOfFields(fields: WireFields, most: number): number {
  return weightOf(fields, most);
}

/** By how many bytes changes made fields heavier, or lighter. Of each value what is beyond `most` is not counted. */
export function weightOfChanges(changes: readonly FieldChange[], most: number): number {
  let bytes = 0;
  for (const { field, base, mine } of changes)
    bytes += weightOfMember(field, mine, most) - weightOfMember(field, base, most);
  return bytes;
}

/**
 * Fields that may be kept for long: of what an app has changed, copies, since a text that was cut out of a larger one
 * keeps the whole of it; of the rest, what `before` holds.
 */
export function ownFields(
  fields: WireFields,
  before: WireFields,
  changes: readonly FieldChange[],
): WireFields {
  const own: Record<string, WireValue> = { ...before };
  for (const { field } of changes) {
    const value = fields[field];
    if (value !== undefined) own[field] = copyOf(value);
  }
  for (const name of Object.keys(own)) if (fields[name] === undefined) delete own[name];
  return own;
}

/** Whether nothing else is kept with a value: it can be no part of a larger text, and hold none. Bytes are a copy already. */
export function isOwnValue(value: WireValue | undefined): boolean {
  if (typeof value === "string") return value.length < shortestPart;
  return typeof value !== "object" || value === null || value instanceof Uint8Array;
}

function weightOf(value: WireValue, most: number): number {
  if (typeof value === "string") return 32 + 2 * value.length;
  if (typeof value === "bigint") return 16 + value.toString(16).length;
  if (typeof value !== "object" || value === null) return 16;
  if (value instanceof Uint8Array) return 128 + value.length;
  let bytes = 64;
  for (const [name, member] of Object.entries<WireValue | undefined>(value)) {
    bytes += weightOfMember(name, member, most - bytes);
    if (bytes > most) break;
  }
  return bytes;
}

/** With its name, which in a record is the app's. */
function weightOfMember(name: string, value: WireValue | undefined, most: number): number {
  return value === undefined ? 0 : 32 + name.length + weightOf(value, most);
}

/** A part of a text that is shorter is always a text of its own. */
const shortestPart = 13;

function copyOf(value: WireValue): WireValue {
  if (typeof value === "string") return isOwnValue(value) ? value : copyOfText(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (isList(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

/** The same text also where it is no Unicode. */
function copyOfText(text: string): string {
  return JSON.parse(JSON.stringify(text));
}

function isList(value: object): value is readonly WireValue[] {
  return Array.isArray(value);
}
