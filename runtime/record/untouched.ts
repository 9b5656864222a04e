import type { Kind, Shape, WireValue } from "../types/shape.js";
import { unknownMembers } from "./wire.js";
import { wireEquals } from "./wire-equals.js";

/**
 * Whether an app value is still what a converter's `fromWire` gave for a wire value, a member that is absent being as good as
 * its default. Makes no copy, as `toWire` does. Of what is rare, such as members of other versions, it says no although it may be.
 */
export type IsUntouched = (value: unknown, wire: WireValue) => boolean;

/** The question for one kind, prepared once. */
export function createUntouched(kind: Kind): IsUntouched {
  if (kind === "date") return (value, wire) => value instanceof Date && value.getTime() === wire;
  if (kind === "bytes") return (value, wire) => value instanceof Uint8Array && wireEquals(value, wire);
  if (typeof kind === "string") return Object.is;
  if ("array" in kind) {
    const isItem = createUntouched(kind.array);
    return (value, wire) => isListUntouched(value, wire, () => isItem);
  }
  if ("tuple" in kind) {
    const items = kind.tuple.map(createUntouched);
    const isRest = kind.rest && createUntouched(kind.rest);
    return (value, wire) => isListUntouched(value, wire, (index) => items[index] ?? isRest ?? Object.is);
  }
  if ("object" in kind) return objectUntouched(kind.object);
  if ("record" in kind) return recordUntouched(createUntouched(kind.record));
  if ("nullable" in kind) {
    const isInner = createUntouched(kind.nullable);
    return (value, wire) => (value === null || wire === null ? value === wire : isInner(value, wire));
  }
  return Object.is;
}

function isListUntouched(value: unknown, wire: WireValue, at: (index: number) => IsUntouched): boolean {
  if (!Array.isArray(value) || !Array.isArray(wire) || value.length !== wire.length) return false;
  for (let index = 0; index < value.length; index += 1)
    if (!at(index)(value[index], wire[index])) return false;
  return true;
}

function objectUntouched(shape: Shape): IsUntouched {
  const members = Object.entries(shape).map(([name, { kind, stored = name, default: initial }]) => ({
    ...{ name, stored, initial },
    isUntouched: createUntouched(kind),
  }));
  // To look for those among the own ones takes as long as all the rest.
  if (members.some(({ name, stored }) => name in Object.prototype || stored in Object.prototype))
    return Object.is;
  return (value, wire) => {
    if (!isPlain(value) || !isPlain(wire) || unknownMembers in value) return false;
    let held = 0;
    let kept = 0;
    for (const { name, stored, initial, isUntouched } of members) {
      const member = value[name];
      const before = wire[stored];
      if (member !== undefined) held += 1;
      if (before !== undefined) kept += 1;
      const source = before === undefined ? initial : before;
      if (member === undefined ? before !== undefined : source === undefined || !isUntouched(member, source))
        return false;
    }
    return held === countOf(value) && kept === countOf(wire);
  };
}

function recordUntouched(isItem: IsUntouched): IsUntouched {
  return (value, wire) => {
    if (!isPlain(value) || !isPlain(wire) || countOf(value) !== countOf(wire)) return false;
    for (const key in value)
      if (!Object.hasOwn(wire, key) || !isItem(value[key], wire[key] as WireValue)) return false;
    return true;
  };
}

function isPlain(value: unknown): value is { readonly [name: string | symbol]: WireValue } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** How many members there are. Makes no list of names, as `Object.keys` does. */
function countOf(value: object): number {
  let count = 0;
  for (const _name in value) count += 1;
  return count;
}
