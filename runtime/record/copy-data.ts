import type { SessionState } from "../session/session-state.js";
import type { WireFields } from "../types/shape.js";
import type { Fields } from "./fields.js";

/** A deep copy of a session's data as the app sees it, defaults filled in. */
export function copyData(state: SessionState): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const field of state.context.fields.all) {
    const value = state.values.read(field);
    if (value === undefined) continue;
    data[field.name] = copyValue(value, 0);
  }
  return data;
}

/** What is nested deeper is refused by `save()`; without a bound, a value that holds itself would never end. */
const maxDepth = 64;

/** By what the value is and not by its field's kind: what does not validate has to be shown too. */
function copyValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return undefined;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1));
  const copy: Record<PropertyKey, unknown> = {};
  for (const name of Reflect.ownKeys(value)) {
    const member = copyValue(Reflect.get(value, name), depth + 1);
    Object.defineProperty(copy, name, {
      value: member,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

/** The data of stored fields, defaults filled in. */
export function toData(wire: WireFields, fields: Fields): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const field of fields.all) {
    const stored = wire[field.stored];
    const value = stored !== undefined ? stored : field.default;
    if (value !== undefined) data[field.name] = field.converter.fromWire(value);
  }
  return data;
}

/** Data as JSON values without the redacted fields: a bigint as text, bytes as base64, a date as ISO 8601. */
export function toPlainJson(
  data: Readonly<Record<string, unknown>>,
  fields: Fields,
): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    if (fields.find(name)?.isRedacted !== true) json[name] = toJsonValue(value);
  }
  return json;
}

function toJsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJsonValue(member)]));
}
