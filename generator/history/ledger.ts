import {
  headsOf,
  type ModelFile,
  type NumberedField,
  type NumberedKind,
  newestFirst,
  storedName,
} from "./model-file.js";
import { learnNumbers, type Numbers } from "./numbers.js";
import { isRetype } from "./retype.js";

/** Where a field is stored. */
export interface StoredPlace {
  readonly number: number;
  readonly stored: string;
  /** What the field was stored under that it takes the place of, with another type. */
  readonly follows?: string;
}

/** Gives each field of a new version its place among those of all versions. */
export interface Ledger {
  readonly numbers: Numbers;
  /** The place of a field of this name and kind; each name is asked for once. */
  place(name: string, kind: NumberedKind): StoredPlace;
}

/** The places that a file's versions have given, and new ones. `names` are those of the new version. */
export function createLedger(
  file: ModelFile | undefined,
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
): Ledger {
  const versions = file === undefined ? [] : newestFirst(file);
  const all = versions.flatMap(({ fields }) => fields);
  const numbers = learnNumbers(versions);
  const owners = new Map<number, string>();
  // The first to have a number keeps it: it was another's only in a second branch.
  for (const field of all) if (!owners.has(field.number)) owners.set(field.number, storedName(field));
  const taken = new Set(all.map(storedName));
  const continued = new Set<string>();
  const newPlace = (name: string): StoredPlace => {
    const number = numbers.takeNew("");
    let [stored, suffix] = [name, number];
    while (taken.has(stored)) stored = `${name}~${suffix++}`;
    taken.add(stored);
    return { number, stored };
  };
  return {
    numbers,
    place(name, kind) {
      const before = origins(file, names, renamed, name).filter((field) => !continued.has(storedName(field)));
      const isSame = (field: NumberedField): boolean =>
        all.every((other) => storedName(other) !== storedName(field) || !isRetype(other.kind, kind));
      const origin = before.find(isSame);
      if (origin === undefined) {
        const [retyped] = before;
        return { ...newPlace(name), ...(retyped !== undefined && { follows: storedName(retyped) }) };
      }
      const stored = storedName(origin);
      continued.add(stored);
      const isOwner = owners.get(origin.number) === stored;
      const { follows } = origin;
      return {
        number: isOwner ? origin.number : numbers.takeNew(""),
        stored,
        ...(follows !== undefined && { follows }),
      };
    },
  };
}

/** The fields of the last version, or of each head, that a field may be: those of its name, else those that it was renamed from. */
function origins(
  file: ModelFile | undefined,
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
  name: string,
): readonly NumberedField[] {
  const heads = file === undefined ? [] : headsOf(file);
  const old = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
  const isGone = old !== undefined && !names.includes(old);
  return heads.flatMap(({ fields }) => {
    const same = fields.find((field) => field.name === name);
    const before = isGone ? fields.find((field) => field.name === old) : undefined;
    return same ?? before ?? [];
  });
}
