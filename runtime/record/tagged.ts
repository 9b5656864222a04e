import { SessionError } from "../platform/errors.js";
import type { Kind, WireValue } from "../types/shape.js";

/**
 * Unions are stored in a self-describing form, since the wire alone does not say which member was meant: when
 * any member holds a date, bigint or bytes, a date is `{ "$date": epoch milliseconds }`, and the only member of
 * an object whose name starts with `$` gets one more `$`. Other unions are stored as they are.
 */
export function holdsTagged(kind: Kind): boolean {
  if (typeof kind === "string") return kind === "date" || kind === "bigint" || kind === "bytes";
  if ("array" in kind) return holdsTagged(kind.array);
  if ("tuple" in kind) return [...kind.tuple, ...(kind.rest ? [kind.rest] : [])].some(holdsTagged);
  if ("object" in kind) return Object.values(kind.object).some((field) => holdsTagged(field.kind));
  if ("record" in kind) return holdsTagged(kind.record);
  if ("nullable" in kind) return holdsTagged(kind.nullable);
  return kind.union.some(holdsTagged);
}

const maxDepth = 64;

/** A deep copy of an app value in wire form; `tagged` says whether dates and `$` names are marked. */
export function encodeTagged(value: unknown, path: string, tagged: boolean, depth = 0): WireValue {
  if (typeof value !== "object" || value === null) return value as WireValue;
  if (depth > maxDepth)
    throw new SessionError("invalid", `${path} is nested more than ${maxDepth} levels deep.`);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (tagged && value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return Array.from(value, (item) => encodeTagged(item, path, tagged, depth + 1));
  return mapMembers(value, tagged ? escapeName : unchanged, (member) =>
    encodeTagged(member, path, tagged, depth + 1),
  ) as WireValue;
}

/** The app value of a wire value that `encodeTagged` made, sharing nothing with it. */
export function decodeTagged(wire: WireValue, tagged: boolean): unknown {
  if (typeof wire !== "object" || wire === null) return wire;
  if (wire instanceof Uint8Array) return new Uint8Array(wire);
  if (Array.isArray(wire)) return wire.map((item: WireValue) => decodeTagged(item, tagged));
  if (tagged && isDate(wire)) return new Date(wire.$date);
  const members = mapMembers(wire, tagged ? unescapeName : unchanged, (member) =>
    decodeTagged(member as WireValue, tagged),
  );
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(members));
}

function mapMembers(
  source: object,
  rename: (name: string, isOnly: boolean) => string,
  convert: (member: unknown) => unknown,
): Record<string, unknown> {
  const target: Record<string, unknown> = Object.create(null);
  const members = Object.entries(source).filter(([, member]) => member !== undefined);
  for (const [name, member] of members) target[rename(name, members.length === 1)] = convert(member);
  return target;
}

const unchanged = (name: string): string => name;
const escapeName = (name: string, isOnly: boolean): string =>
  isOnly && name.startsWith("$") ? `$${name}` : name;
const unescapeName = (name: string, isOnly: boolean): string =>
  isOnly && name.startsWith("$$") ? name.slice(1) : name;

/** What holds anything but a number there is an object that an older version stored before its union held a date. */
function isDate(wire: object): wire is { readonly $date: number } {
  const names = Object.keys(wire);
  return names.length === 1 && names[0] === "$date" && typeof Reflect.get(wire, "$date") === "number";
}
