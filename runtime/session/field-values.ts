import type { Field, Fields } from "../record/fields.js";
import { wireEquals } from "../record/wire-equals.js";
import type { WireFields, WireValue } from "../types/shape.js";
import type { FieldChange } from "./merge.js";
import { refreshInPlace } from "./refresh-in-place.js";

/** A field that the app has been given or has assigned. */
interface HeldField {
  readonly field: Field;
  /** The app's value; `undefined` is absent. */
  value: unknown;
  /** What the field was when the app got it, or at the last save. Differences from it are the app's changes. */
  base: WireValue | undefined;
  /** The default that was handed out for an absent field: as long as it is untouched, the field stays absent. */
  shownDefault: WireValue | undefined;
  /** Differences from this one do not count as modified: set by `forgetModified`. */
  quiet: { readonly wire: WireValue | undefined } | undefined;
}

/**
 * The values of one session: the stored ones, untouched, and those that the app holds. A change is found by
 * comparing the two, only for fields that the app has seen, so that what was not read costs nothing.
 */
export class FieldValues {
  readonly #fields: Fields;
  #stored: WireFields;
  #held: Map<string, HeldField> | undefined;

  constructor(fields: Fields, stored: WireFields) {
    this.#fields = fields;
    this.#stored = stored;
  }

  /** The app's value of a field, or its default. Objects and arrays are handed out and watched. */
  read(field: Field): unknown {
    const held = this.#held?.get(field.stored);
    if (held !== undefined && held.value !== undefined) return held.value;
    const stored = held === undefined ? this.#stored[field.stored] : undefined;
    const wire = stored !== undefined ? stored : field.default;
    if (wire === undefined || field.converter.isScalar) return wire;
    const value = field.converter.fromWire(wire);
    const given = this.#hold(field, value);
    if (stored === undefined) given.shownDefault = wire;
    return value;
  }

  /** Assigns a value; `undefined` removes the field. */
  write(field: Field, value: unknown): void {
    this.#hold(field, value).shownDefault = undefined;
  }

  /** Assigns a value that was made of another one than is stored now: what differs from that one is the change. */
  writeOver(field: Field, base: WireValue | undefined, value: unknown): void {
    const held = this.#hold(field, value);
    held.base = base;
    held.shownDefault = undefined;
  }

  /** Whether a field was set: a default does not count, but an object that the app changed in place does. */
  has(field: Field): boolean {
    const held = this.#held?.get(field.stored);
    return (held === undefined ? this.#stored[field.stored] : currentWire(held)) !== undefined;
  }

  /** The names of the fields that were set, in the order of the shape. */
  names(): string[] {
    return this.#fields.all.filter((field) => this.has(field)).map((field) => field.name);
  }

  /** Whether any field differs from what was loaded or last saved, also where that does not count as modified. */
  isChanged(): boolean {
    for (const held of this.#held?.values() ?? []) if (!wireEquals(currentWire(held), held.base)) return true;
    return false;
  }

  /** Whether any field differs from what was loaded or last saved, and its change counts as modified. */
  isModified(): boolean {
    if (this.#held === undefined) return false;
    for (const held of this.#held.values()) {
      const mine = currentWire(held);
      const isQuiet = held.quiet !== undefined && wireEquals(mine, held.quiet.wire);
      if (!isQuiet && !wireEquals(mine, held.base)) return true;
    }
    return false;
  }

  /** Lets the changes made so far not count as modified; an explicit save writes them all the same. */
  forgetModified(): void {
    for (const held of this.#held?.values() ?? []) held.quiet = { wire: currentWire(held) };
  }

  /** The app's changes, as copies that later changes do not reach. */
  changes(): FieldChange[] {
    const changes: FieldChange[] = [];
    for (const held of this.#held?.values() ?? []) {
      const mine = currentWire(held);
      if (!wireEquals(mine, held.base)) changes.push({ field: held.field.stored, base: held.base, mine });
    }
    return changes;
  }

  /** Takes these changes as made: what the app holds is compared with them from now on. */
  settle(changes: readonly FieldChange[]): void {
    for (const { field, mine } of changes) {
      const held = this.#held?.get(field);
      if (held === undefined) continue;
      held.base = mine;
      if (mine !== undefined) held.shownDefault = undefined;
      held.quiet = undefined;
    }
  }

  /**
   * Shows the app what is stored now, after a save that may have merged others' changes. An object or array that
   * the app holds is refreshed in place; what it changed again meanwhile is left alone.
   */
  refresh(stored: WireFields): void {
    this.#stored = stored;
    for (const [name, held] of this.#held ?? []) {
      const wire = stored[name];
      const isSame = wireEquals(wire, held.base);
      if (isSame && held.quiet === undefined) continue;
      const current = currentWire(held);
      if (!wireEquals(current, held.base)) continue;
      held.quiet = undefined;
      if (isSame) continue;
      const { converter, default: initial } = held.field;
      const shown = wire ?? initial;
      if (shown === undefined || converter.isScalar) {
        this.#held?.delete(name);
        continue;
      }
      const fresh = { value: converter.fromWire(shown), wire: shown };
      held.value = refreshInPlace({ value: held.value, wire: current ?? held.shownDefault }, fresh);
      held.base = wire;
      held.shownDefault = wire === undefined ? initial : undefined;
    }
  }

  /** Forgets everything that was not saved. */
  replace(stored: WireFields): void {
    this.#stored = stored;
    this.#held = undefined;
  }

  #hold(field: Field, value: unknown): HeldField {
    this.#held ??= new Map();
    let held = this.#held.get(field.stored);
    if (held === undefined) {
      const base = this.#stored[field.stored];
      held = { field, value, base, shownDefault: undefined, quiet: undefined };
      this.#held.set(field.stored, held);
    }
    held.value = value;
    return held;
  }
}

/** The wire form of what the app holds now; `undefined` is absent. */
function currentWire({ field, value, base, shownDefault }: HeldField): WireValue | undefined {
  if (value === undefined) return undefined;
  const { converter, name } = field;
  const source = shownDefault ?? base;
  if (source === undefined) return converter.toWire(value, name);
  const untouched = shownDefault === undefined ? base : undefined;
  if (field.isUntouched(value, source)) return untouched;
  const wire = converter.toWire(value, name);
  if (wireEquals(wire, source)) return untouched;
  // Defaults of nested members are filled in on the way out, so an untouched value may differ from its source.
  const isAsGiven =
    !converter.isScalar && wireEquals(wire, converter.toWire(converter.fromWire(source), name));
  return isAsGiven ? untouched : wire;
}
