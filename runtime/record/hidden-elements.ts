import type { ArrayKind, Kind, WireObject, WireValue } from "../types/shape.js";
import { wireEquals } from "./wire-equals.js";
import { byStoredName, isWireObject } from "./wire-fields.js";

/**
 * A value without the elements of its lists that another version's enum has and this one's has not; the very same
 * value when there are none. What is hidden is put back by `putBack` when the field is written.
 */
export function hideElements(kind: Kind, wire: WireValue): WireValue {
  if (typeof kind === "string" || "union" in kind) return wire;
  if ("nullable" in kind) return wire === null ? wire : hideElements(kind.nullable, wire);
  if ("array" in kind) return Array.isArray(wire) ? hideInList(kind, wire) : wire;
  if ("tuple" in kind)
    return Array.isArray(wire) ? mapItems(wire, (item, index) => hideIn(kind.tuple[index], item)) : wire;
  if (!isWireObject(wire)) return wire;
  return mapMembers(wire, (name, member) => hideIn(memberKind(kind, name), member));
}

/**
 * What is stored for a field that the app sees without some elements of its lists: `next` with those that `stored`
 * has hidden, each where it was, as far as the list reaches. Lists in objects, records and tuples are found again by their
 * place; in a list, an element has to be unchanged: what is hidden in one must never come to belong to another.
 */
export function putBack(kind: Kind, stored: WireValue, next: WireValue): WireValue {
  if (typeof kind === "string" || "union" in kind) return next;
  if ("nullable" in kind) return next === null ? next : putBack(kind.nullable, stored, next);
  if ("array" in kind || "tuple" in kind) {
    if (!Array.isArray(stored) || !Array.isArray(next)) return next;
    if ("array" in kind) return putBackInList(kind, stored, next);
    return mapItems(next, (item, index) => putBackIn(kind.tuple[index], stored[index], item));
  }
  if (!isWireObject(stored) || !isWireObject(next)) return next;
  return mapMembers(next, (name, member) =>
    putBackIn(memberKind(kind, name), Object.hasOwn(stored, name) ? stored[name] : undefined, member),
  );
}

type List = readonly WireValue[];

function hideInList(kind: ArrayKind, wire: List): WireValue {
  if (kind.values === undefined) return mapItems(wire, (item) => hideElements(kind.array, item));
  const shown = wire.filter((item) => isShown(kind, item));
  return shown.length === wire.length ? wire : shown;
}

/** An element that is not shown may be of any form: a codec may know it by a number only. */
function isShown({ array, values = [] }: ArrayKind, item: WireValue): boolean {
  if (item === null) return typeof array !== "string" && "nullable" in array;
  return values.some((value) => value === item);
}

function putBackInList(kind: ArrayKind, stored: List, next: List): WireValue {
  if (kind.values === undefined) return putBackInItems(kind, stored, next);
  const whole = [...next];
  for (const [index, item] of stored.entries()) {
    if (!isShown(kind, item)) whole.splice(Math.min(index, whole.length), 0, item);
  }
  return whole.length === next.length ? next : whole;
}

function putBackInItems({ array }: ArrayKind, stored: List, next: List): WireValue {
  const shown = stored.map((item) => hideElements(array, item));
  if (shown.every((item, index) => item === stored[index])) return next;
  const unused = new Set(stored.keys());
  return mapItems(next, (item, index) => {
    const isSame = (other: number): boolean => unused.has(other) && wireEquals(shown[other], item);
    const found = isSame(index) ? index : [...unused].find(isSame);
    if (found === undefined) return item;
    unused.delete(found);
    return stored[found] ?? item;
  });
}

function hideIn(kind: Kind | undefined, wire: WireValue): WireValue {
  return kind === undefined ? wire : hideElements(kind, wire);
}

function putBackIn(kind: Kind | undefined, stored: WireValue | undefined, next: WireValue): WireValue {
  return kind === undefined || stored === undefined ? next : putBack(kind, stored, next);
}

function memberKind(kind: Exclude<Kind, string>, name: string): Kind | undefined {
  if ("record" in kind) return kind.record;
  return "object" in kind ? byStoredName(kind.object).get(name)?.kind : undefined;
}

function mapItems(list: List, change: (item: WireValue, index: number) => WireValue): WireValue {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}

function mapMembers(object: WireObject, change: (name: string, member: WireValue) => WireValue): WireValue {
  const changed: Record<string, WireValue> = Object.create(null);
  let isSame = true;
  for (const [name, member] of Object.entries(object)) {
    changed[name] = change(name, member);
    isSame &&= changed[name] === member;
  }
  return isSame ? object : changed;
}
