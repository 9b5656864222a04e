import type { WireObject, WireValue } from "../types/shape.js";

/** Deep equality of wire values. `-0` and `0` differ, the order of an object's members does not matter. */
export function wireEquals(a: WireValue | undefined, b: WireValue | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) return sequenceEquals(a, b);
  if (Array.isArray(b) || b instanceof Uint8Array) return false;
  return membersEqual(a as WireObject, b as WireObject);
}

function sequenceEquals(a: readonly WireValue[] | Uint8Array, b: object): boolean {
  if (Array.isArray(a) ? !Array.isArray(b) : !(b instanceof Uint8Array)) return false;
  const other = b as ArrayLike<WireValue>;
  if (a.length !== other.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!wireEquals(a[index], other[index])) return false;
  return true;
}

function membersEqual(a: WireObject, b: WireObject): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && wireEquals(a[name], b[name]));
}
