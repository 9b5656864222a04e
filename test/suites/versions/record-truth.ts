import { createFields, type Field, type Fields } from "../../../runtime/record/fields.js";
import { byStoredName } from "../../../runtime/record/wire-fields.js";
import type { Kind, WireFields, WireValue } from "../../../runtime/types/shape.js";
import type { CodeVersion } from "./code-version.js";
import type { Conversion } from "./random-edits.js";

/** What a version of the code is to see of a field: `undefined` is nothing. */
export type Seen = WireValue | undefined;

/** What a record holds, in wire form by stored name, told apart from all code that is tested: what each write made of it. */
export class RecordTruth {
  readonly #values = new Map<string, WireValue>();
  readonly #byPlace: ReadonlyMap<number, CodeVersion>;
  /** The shape of the version that wrote it last. */
  #shapeHash = "";

  constructor(versions: readonly CodeVersion[]) {
    this.#byPlace = new Map([...versions].reverse().map((version) => [version.place, version]));
  }

  /** What a version sees of a field. */
  seenBy(version: CodeVersion, field: Field): Seen {
    const value = this.#values.get(field.stored);
    if (value !== undefined && isValid(version, field.stored, value)) return value;
    const upgraded = this.#upgraded(version, field);
    if (upgraded !== null) return upgraded.wire;
    const shown = value === undefined ? undefined : withoutUnknown(field.kind, value);
    return shown !== undefined && isValid(version, field.stored, shown) ? shown : undefined;
  }

  /** A version writes it, whatever it changes: what it computes from others is the session's own from then on. */
  written(version: CodeVersion, fields: Fields): void {
    for (const field of fields.all) {
      const computed = this.#computed(version, field)?.wire;
      if (computed !== undefined) this.#values.set(field.stored, computed);
    }
    this.#shapeHash = version.kind.shapeHash;
  }

  /** A version has assigned a field; elements that it did not see stay. */
  assign(version: CodeVersion, field: Field, wire: WireValue): void {
    const hidden = this.#hiddenFrom(version, field);
    this.#values.set(
      field.stored,
      hidden.length === 0 ? wire : [...(wire as readonly WireValue[]), ...hidden],
    );
  }

  /** A version has changed one member of an object, which it saw as it is stored. */
  assignMember(field: Field, member: string, wire: WireValue): void {
    const object = this.#values.get(field.stored) as { readonly [name: string]: WireValue };
    this.#values.set(field.stored, { ...object, [member]: wire });
  }

  /** A version has removed a field that it saw. */
  remove(version: CodeVersion, field: Field): void {
    this.#values.delete(field.stored);
    for (const { stored } of stepsOf(version, field)) {
      if (stored !== undefined) this.#values.delete(stored);
    }
  }

  /** Whether what the version sees is what is stored. */
  isSeenAsStored(version: CodeVersion, field: Field): boolean {
    const value = this.#values.get(field.stored);
    return value !== undefined && isValid(version, field.stored, value);
  }

  #hiddenFrom(version: CodeVersion, field: Field): readonly WireValue[] {
    const value = this.#values.get(field.stored);
    if (!Array.isArray(value) || this.isSeenAsStored(version, field)) return [];
    if (this.#upgraded(version, field, [field.stored]) !== null) return [];
    const shown = withoutUnknown(field.kind, value);
    if (!Array.isArray(shown) || !isValid(version, field.stored, shown)) return [];
    return value.filter((item) => !shown.includes(item));
  }

  /** What an upgrade makes of the newest form that is there; `null` when there is none. */
  #upgraded(version: CodeVersion, field: Field, among?: readonly string[]): { readonly wire: Seen } | null {
    const conversions = conversionsOf(version);
    for (const { stored, version: index } of [...stepsOf(version, field)].reverse()) {
      if (stored === undefined) continue;
      const old = this.#values.get(stored);
      const older = this.#byPlace.get(version.older[index] ?? -1);
      if (old === undefined || older === undefined || among?.includes(stored) === false) continue;
      if (!isValid(older, stored, old)) continue;
      const was = createFields(older.kind.shape).findStored(stored);
      const converted = conversions?.[field.name]?.(was?.converter.fromWire(old));
      return { wire: field.converter.toWire(converted, field.name) };
    }
    return among === undefined ? this.#computed(version, field) : null;
  }

  /** What an upgrade makes of a record that never had the field; one that takes a former value does not. */
  #computed(version: CodeVersion, field: Field): { readonly wire: Seen } | null {
    const [only, ...others] = stepsOf(version, field);
    if (only?.shapes?.includes(this.#shapeHash) !== true || others.length > 0) return null;
    if (this.#values.has(field.stored)) return null;
    return { wire: field.converter.toWire(conversionsOf(version)?.[field.name]?.(undefined), field.name) };
  }
}

function conversionsOf({ kind }: CodeVersion): Readonly<Record<string, Conversion>> | undefined {
  return kind.upgrades?.functions as Readonly<Record<string, Conversion>> | undefined;
}

function stepsOf({ kind }: CodeVersion, field: Field) {
  return kind.upgrades?.steps[field.name] ?? [];
}

function isValid({ kind }: CodeVersion, stored: string, value: WireValue): boolean {
  return kind.checkWire({ [stored]: value }).length === 0;
}

/** A list of an enum's values without others, nor `null` where the version does not have that in it. */
function withoutUnknown(kind: Kind, value: WireValue): WireValue | undefined {
  if (value === null || typeof kind === "string") return undefined;
  if ("nullable" in kind) return withoutUnknown(kind.nullable, value);
  if (!("array" in kind) || kind.values === undefined || !Array.isArray(value)) return undefined;
  const { array: inner, values } = kind;
  const mayBeNull = typeof inner !== "string" && "nullable" in inner;
  return value.filter((item) => (item === null ? mayBeNull : values.some((known) => known === item)));
}

/** A value without the members that the kind does not know, and lists in an order of their own. */
export function projected(kind: Kind, value: WireValue): unknown {
  if (value === null || typeof kind === "string" || "union" in kind) return value;
  if ("nullable" in kind) return projected(kind.nullable, value);
  if ("array" in kind || "tuple" in kind) {
    const items = (value as readonly WireValue[]).map((item, index) =>
      projected("array" in kind ? kind.array : (kind.tuple[index] ?? "null"), item),
    );
    return "array" in kind && kind.values !== undefined ? items.sort() : items;
  }
  const known = "object" in kind ? byStoredName(kind.object) : undefined;
  return Object.fromEntries(
    Object.entries(value as WireFields).flatMap(([name, member]) => {
      const its = "record" in kind ? kind.record : known?.get(name)?.kind;
      return its === undefined ? [] : [[name, projected(its, member)]];
    }),
  );
}
