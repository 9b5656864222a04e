import { holdsTagged } from "../record/tagged.js";
import { byStoredName, isWireObject } from "../record/wire-fields.js";
import type { Kind, Shape, WireFields, WireObject, WireValue } from "../types/shape.js";
import { joinKinds } from "./join-kinds.js";

/** Rewrites the parts of a wire value that a format cannot hold. */
export interface StoredForm {
  toStored(wire: WireValue): WireValue;
  /** Passes on what has another form than expected, for the validator to refuse. */
  fromStored(stored: WireValue): WireValue;
}

/** How a format stores the values that it has no place for. A kind that is left out it holds as it is. */
export interface ScalarForms {
  readonly bigint: StoredForm;
  readonly bytes?: StoredForm;
}

type Direction = keyof StoredForm;

/** The fields of a shape with the parts rewritten that a format cannot hold. */
export interface FieldForms {
  toStored(fields: WireFields): WireFields;
  fromStored(fields: WireFields): WireFields;
}

/** A version of the shape whose fields an upgrade may read. */
export interface EarlierShape {
  readonly shape: Shape;
}

/** Prepares the fields of a shape, and of the older ones, oldest first, what it has not. Fields that need no rewriting are passed on, and so are all when none needs it. */
export function createFieldForms(
  shape: Shape,
  scalars: ScalarForms,
  older: readonly EarlierShape[] = [],
): FieldForms {
  const kinds = new Map<string, Kind>();
  for (const one of [...older.map((earlier) => earlier.shape), shape]) {
    for (const [name, { kind }] of byStoredName(one)) {
      const earlier = kinds.get(name);
      kinds.set(name, earlier === undefined ? kind : joinKinds(earlier, kind));
    }
  }
  const forms = [...kinds]
    .map(([name, kind]) => [name, createStoredForm(kind, scalars)] as const)
    .filter((entry): entry is readonly [string, StoredForm] => entry[1] !== null);
  const rewrite = (fields: WireFields, direction: Direction): WireFields => {
    const present = forms.filter(([name]) => Object.hasOwn(fields, name));
    if (present.length === 0) return fields;
    const rewritten: Record<string, WireValue> = Object.assign(Object.create(null), fields);
    for (const [name, form] of present) rewritten[name] = form[direction](fields[name] as WireValue);
    return rewritten;
  };
  return {
    toStored: (fields) => rewrite(fields, "toStored"),
    fromStored: (fields) => rewrite(fields, "fromStored"),
  };
}

/** The form of a kind, or `null` when the format holds its wire values as they are. */
function createStoredForm(kind: Kind, scalars: ScalarForms): StoredForm | null {
  const inner = (part: Kind): StoredForm | null => createStoredForm(part, scalars);
  if (typeof kind === "string") return kind === "bigint" || kind === "bytes" ? (scalars[kind] ?? null) : null;
  if ("array" in kind) return tupleForm([], inner(kind.array));
  if ("tuple" in kind) return tupleForm(kind.tuple.map(inner), kind.rest ? inner(kind.rest) : null);
  if ("object" in kind) return objectForm(kind.object, inner);
  if ("record" in kind) return recordForm(inner(kind.record));
  if ("nullable" in kind) return inner(kind.nullable);
  return holdsTagged(kind) ? unionForm(scalars) : null;
}

function tupleForm(items: readonly (StoredForm | null)[], rest: StoredForm | null): StoredForm | null {
  if (rest === null && items.every((item) => item === null)) return null;
  const formAt = (index: number): StoredForm | null => (index < items.length ? (items[index] ?? null) : rest);
  const convert = (value: WireValue, direction: Direction): WireValue =>
    Array.isArray(value)
      ? value.map((element: WireValue, index) => formAt(index)?.[direction](element) ?? element)
      : value;
  return {
    toStored: (wire) => convert(wire, "toStored"),
    fromStored: (stored) => convert(stored, "fromStored"),
  };
}

function objectForm(shape: Shape, inner: (kind: Kind) => StoredForm | null): StoredForm | null {
  const forms = new Map<string, StoredForm>();
  for (const [name, field] of byStoredName(shape)) {
    const form = inner(field.kind);
    if (form) forms.set(name, form);
  }
  if (forms.size === 0) return null;
  return memberForm((name) => forms.get(name));
}

function recordForm(item: StoredForm | null): StoredForm | null {
  return item && memberForm(() => item);
}

function memberForm(formOf: (name: string) => StoredForm | undefined): StoredForm {
  const convert = (value: WireValue, direction: Direction): WireValue =>
    isWireObject(value)
      ? mapMembers(value, (member, name) => formOf(name)?.[direction](member) ?? member)
      : value;
  return {
    toStored: (wire) => convert(wire, "toStored"),
    fromStored: (stored) => convert(stored, "fromStored"),
  };
}

/** Below a union nothing but the value itself says what it is, so bigint and bytes are marked as dates are. */
function unionForm({ bigint, bytes }: ScalarForms): StoredForm {
  const toStored = (wire: WireValue): WireValue => {
    if (typeof wire === "bigint") return { $bigint: bigint.toStored(wire) };
    if (wire instanceof Uint8Array) return bytes === undefined ? wire : { $bytes: bytes.toStored(wire) };
    if (Array.isArray(wire)) return wire.map(toStored);
    return isWireObject(wire) ? mapMembers(wire, toStored) : wire;
  };
  const fromStored = (stored: WireValue): WireValue => {
    if (Array.isArray(stored)) return stored.map(fromStored);
    if (!isWireObject(stored)) return stored;
    const names = Object.keys(stored);
    const [only] = names.length === 1 ? names : [];
    if (only === "$bigint") return bigint.fromStored(stored[only] ?? null);
    if (only === "$bytes" && bytes !== undefined) return bytes.fromStored(stored[only] ?? null);
    return mapMembers(stored, fromStored);
  };
  return { toStored, fromStored };
}

function mapMembers(value: WireObject, convert: (member: WireValue, name: string) => WireValue): WireValue {
  const mapped: Record<string, WireValue> = Object.create(null);
  for (const [name, member] of Object.entries(value)) mapped[name] = convert(member, name);
  return mapped;
}
