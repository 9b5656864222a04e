import { wireEquals } from "../record/wire-equals.js";
import type { WireValue } from "../types/shape.js";

/** A value that the app holds, with its wire form. */
export interface HeldValue {
  readonly value: unknown;
  readonly wire: WireValue | undefined;
}

/**
 * What the app is to see instead of what it holds, with as many of its own objects kept as possible: an array or
 * object is changed in place, and an element that is still there stays the object it was, so that a reference
 * that the app keeps goes on being watched.
 */
export function refreshInPlace(held: HeldValue, fresh: HeldValue): unknown {
  if (wireEquals(held.wire, fresh.wire)) return held.value;
  const target = held.value;
  const source = fresh.value;
  if (Array.isArray(target) && Array.isArray(source))
    return refreshArray(target, held.wire, source, fresh.wire);
  if (target instanceof Date && source instanceof Date) target.setTime(source.getTime());
  else if (isPlainObject(target) && isPlainObject(source))
    refreshObject(target, held.wire, source, fresh.wire);
  else return source;
  return target;
}

type Wire = WireValue | undefined;

function refreshArray(target: unknown[], targetWire: Wire, source: unknown[], sourceWire: Wire): unknown[] {
  const before = Array.isArray(targetWire) ? targetWire : [];
  const after = Array.isArray(sourceWire) ? sourceWire : [];
  const unused = new Set(target.keys());
  const elements = source.map((element, index) => {
    const isSame = (other: number): boolean => unused.has(other) && wireEquals(before[other], after[index]);
    const found = isSame(index) ? index : [...unused].find(isSame);
    if (found === undefined) return element;
    unused.delete(found);
    return target[found];
  });
  target.splice(0, target.length, ...elements);
  return target;
}

type PlainObject = Record<PropertyKey, unknown>;

function refreshObject(target: PlainObject, targetWire: Wire, source: PlainObject, sourceWire: Wire): void {
  for (const name of Reflect.ownKeys(target)) {
    if (!Object.hasOwn(source, name)) Reflect.deleteProperty(target, name);
  }
  for (const name of Reflect.ownKeys(source)) {
    const held = { value: target[name], wire: memberOf(targetWire, name) };
    const fresh = { value: source[name], wire: memberOf(sourceWire, name) };
    const isKept = Object.hasOwn(target, name) && held.wire !== undefined;
    const value = isKept ? refreshInPlace(held, fresh) : fresh.value;
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

function memberOf(wire: Wire, name: PropertyKey): Wire {
  if (typeof wire !== "object" || wire === null || typeof name === "symbol") return undefined;
  return Object.hasOwn(wire, name) ? (wire as { readonly [member: string]: WireValue })[name] : undefined;
}

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
