import { keptName } from "../codecs/wire/message-fields.js";
import { SessionError } from "../platform/errors.js";
import type { FieldShape, Kind, Shape, WireValue } from "../types/shape.js";
import { decodeTagged, encodeTagged, holdsTagged } from "./tagged.js";
import { wireEquals } from "./wire-equals.js";
import { byStoredName } from "./wire-fields.js";

/** Converts the values of one kind between what the app holds and what is stored. */
export interface Converter {
  /** Whether app values are immutable, so that they can be handed out without a copy. */
  readonly isScalar: boolean;
  /**
   * A deep copy in wire form. What does not fit the kind is passed on as it is, for the validator to refuse.
   * Throws `SessionError` `"invalid"` for members that a strict object does not know.
   */
  toWire(value: unknown, path: string): WireValue;
  /** A fresh app value, sharing nothing with the wire value. */
  fromWire(wire: WireValue): unknown;
}

/**
 * Members of a stored object that this version's shape does not know. They ride along under this symbol when
 * the object is changed in place, moved or spread, and are written back.
 */
export const unknownMembers: unique symbol = Symbol("unknown members");

/** The converter of a kind, built once. */
export function createConverter(kind: Kind): Converter {
  if (typeof kind === "string") return scalars[kind] ?? same;
  if ("array" in kind) return arrayConverter(createConverter(kind.array));
  if ("tuple" in kind)
    return tupleConverter(kind.tuple.map(createConverter), kind.rest && createConverter(kind.rest));
  if ("object" in kind) return objectConverter(kind.object, kind.strict === true);
  if ("record" in kind) return recordConverter(createConverter(kind.record));
  if ("nullable" in kind) return nullableConverter(createConverter(kind.nullable));
  return unionConverter(kind);
}

const same: Converter = { isScalar: true, toWire: (value) => value as WireValue, fromWire: (wire) => wire };

const scalars: Readonly<Partial<Record<string, Converter>>> = {
  integer: {
    isScalar: true,
    toWire: (value) => (value === 0 ? 0 : (value as WireValue)),
    fromWire: (wire) => wire,
  },
  date: {
    isScalar: false,
    toWire: (value) => (value instanceof Date ? value.getTime() : notWire(value)),
    fromWire: (wire) => new Date(Number(wire)),
  },
  bytes: {
    isScalar: false,
    toWire: (value) => (value instanceof Uint8Array ? new Uint8Array(value) : (value as WireValue)),
    fromWire: (wire) => new Uint8Array(wire as Uint8Array),
  },
};

/** A number where a date belongs would pass for one. */
function notWire(value: unknown): WireValue {
  return typeof value === "number" ? String(value) : (value as WireValue);
}

function arrayConverter(item: Converter): Converter {
  return {
    isScalar: false,
    toWire: (value, path) =>
      Array.isArray(value)
        ? Array.from(value, (element, index) => item.toWire(element, `${path}[${index}]`))
        : (value as WireValue),
    fromWire: (wire) => (wire as readonly WireValue[]).map((element) => item.fromWire(element)),
  };
}

function tupleConverter(items: readonly Converter[], rest: Converter | undefined): Converter {
  const at = (index: number): Converter => items[index] ?? rest ?? same;
  return {
    isScalar: false,
    toWire: (value, path) =>
      Array.isArray(value)
        ? Array.from(value, (element, index) => at(index).toWire(element, `${path}[${index}]`))
        : (value as WireValue),
    fromWire: (wire) => (wire as readonly WireValue[]).map((element, index) => at(index).fromWire(element)),
  };
}

function recordConverter(item: Converter): Converter {
  return {
    isScalar: false,
    toWire(value, path) {
      if (!isObject(value)) return value as WireValue;
      const wire: Record<string, WireValue> = Object.create(null);
      for (const key of Object.keys(value)) {
        if (value[key] !== undefined) wire[key] = item.toWire(value[key], `${path}[*]`);
      }
      return wire;
    },
    fromWire(wire) {
      const value: Record<string, unknown> = {};
      for (const [key, member] of Object.entries(wire as object)) value[key] = item.fromWire(member);
      return value;
    },
  };
}

function nullableConverter(inner: Converter): Converter {
  return {
    isScalar: inner.isScalar,
    toWire: (value, path) => (value === null ? null : inner.toWire(value, path)),
    fromWire: (wire) => (wire === null ? null : inner.fromWire(wire)),
  };
}

function unionConverter(kind: Kind): Converter {
  const tagged = holdsTagged(kind);
  return {
    isScalar: false,
    toWire: (value, path) => encodeTagged(value, path, tagged),
    fromWire: (wire) => decodeTagged(wire, tagged),
  };
}

interface Member {
  readonly name: string;
  readonly stored: string;
  readonly converter: Converter;
  readonly field: FieldShape;
}

function objectConverter(shape: Shape, isStrict: boolean): Converter {
  const members: readonly Member[] = Object.entries(shape).map(([name, field]) => ({
    name,
    stored: field.stored ?? name,
    field,
    converter: createConverter(field.kind),
  }));
  const isKnown = (name: string): boolean => Object.hasOwn(shape, name);
  const known = byStoredName(shape);
  return {
    isScalar: false,
    toWire(value, path) {
      if (!isObject(value)) return value as WireValue;
      if (isStrict) refuseUnknown(value, isKnown, path);
      const wire: Record<string, WireValue> = {};
      for (const { name, stored, converter } of members) {
        const member = Object.hasOwn(value, name) ? value[name] : undefined;
        if (member !== undefined) setOwn(wire, stored, converter.toWire(member, `${path}.${name}`));
      }
      const unknown = value[unknownMembers];
      if (unknown !== undefined && !isStrict) addUnknown(wire, unknown as UnknownMembers, shape);
      return wire;
    },
    fromWire(wire) {
      const found = wire as Readonly<Record<string, WireValue>>;
      const value: Record<string | symbol, unknown> = {};
      for (const { name, stored, converter, field } of members) {
        const member = Object.hasOwn(found, stored) ? found[stored] : field.default;
        if (member !== undefined) setOwn(value, name, converter.fromWire(member));
      }
      const unknown = Object.keys(found).filter((name) => !known.has(name));
      if (unknown.length > 0) value[unknownMembers] = pick(found, unknown, shape);
      return value;
    },
  };
}

/** `__proto__` is a legal member name, and only a definition makes it one. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

type UnknownMembers = Readonly<Record<string, WireValue>>;

/** The shapes of the objects that unknown members were read in. */
const origins = new WeakMap<object, Shape>();

function pick(
  source: Readonly<Record<string, WireValue>>,
  names: readonly string[],
  shape: Shape,
): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const name of names) picked[name] = structuredClone(source[name]);
  origins.set(picked, shape);
  return picked;
}

/**
 * Adds members that were unknown where they were read. In an object of another field, one may have the name of a member that
 * is known there, and is not it; a number of protobuf means something else in one of another shape.
 */
function addUnknown(wire: Record<string, WireValue>, unknown: UnknownMembers, shape: Shape): void {
  const known = byStoredName(shape);
  for (const [name, member] of Object.entries(unknown)) {
    if (known.has(name)) continue;
    if (name !== keptName || isSameShape(origins.get(unknown), shape)) setOwn(wire, name, member);
  }
}

function isSameShape(one: Shape | undefined, other: Shape): boolean {
  return one === other || wireEquals(one as object as WireValue, other as object as WireValue);
}

function refuseUnknown(value: object, isKnown: (name: string) => boolean, path: string): void {
  if (Object.keys(value).every(isKnown)) return;
  // Not named: what is no member of the shape may be what a user has written.
  throw new SessionError("invalid", `${path} has a member that its shape does not allow.`);
}

/** Of no kind of its own: the contents of a Map or a Date would be lost without a word. */
function isObject(value: unknown): value is Record<string | symbol, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
