import {
  headsOf,
  type ModelFile,
  type ModelVersion,
  type NumberedField,
  type NumberedKind,
  newestFirst,
  storedName,
} from "./model-file.js";
import { type KnownNumbers, learnNumbers, type Numbers } from "./numbers.js";
import { isRetype } from "./retype.js";

/** Where a field or member is stored. */
export interface StoredPlace {
  readonly number: number;
  readonly stored: string;
  /** What the field was stored under that it takes the place of, with another type. */
  readonly follows?: string;
}

/** Gives what is inside a field its place. */
export interface Placing {
  /** The place of a member of an object. */
  member(scope: string, name: string): StoredPlace;
  /** The code of a value of an enum. */
  code(scope: string, value: string): number;
}

/** Gives each field of a new version its place among those of all versions. */
export interface Ledger extends Placing {
  /** The place of a field; each name is asked for once. `kindAt`: its kind as it would be under a number. */
  field(name: string, kindAt: (number: number, placing: Placing) => NumberedKind): StoredPlace;
}

/** The places that a file's versions have given, and new ones. `names` are those of the new version. */
export function createLedger(
  file: ModelFile | undefined,
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
): Ledger {
  const heads = file === undefined ? [] : headsOf(file);
  const versions = file === undefined ? [] : newestFirst(file);
  const all = versions.flatMap(({ fields }) => fields);
  const numbers = learnNumbers(versions, file);
  const placing = createPlacing(numbers, learnNumbers(heads));
  const continued = new Set<string>();
  return {
    ...placing.real,
    field(name, kindAt) {
      const before = origins(heads, names, renamed, name).filter(
        (field) => !continued.has(storedName(field)),
      );
      const isSame = (field: NumberedField): boolean => {
        const kind = kindAt(field.number, placing.trial);
        return all.every((other) => storedName(other) !== storedName(field) || !isRetype(other.kind, kind));
      };
      const origin = before.find(isSame);
      if (origin === undefined) {
        const [retyped] = before;
        return { ...placing.anew("", name), ...(retyped !== undefined && { follows: storedName(retyped) }) };
      }
      const stored = storedName(origin);
      continued.add(stored);
      const { follows } = origin;
      return { number: numbers.take("", stored), stored, ...(follows !== undefined && { follows }) };
    },
  };
}

/** `trial` gives nothing away: of what is new, it only says that it is. */
interface Placings {
  readonly real: Placing;
  readonly trial: Placing;
  /** A new place, under the name unless something was stored under that before. */
  anew(scope: string, name: string): StoredPlace;
}

function createPlacing(numbers: Numbers, present: KnownNumbers): Placings {
  const freeName = (scope: string, name: string, number: number): string => {
    let [stored, suffix] = [name, number];
    while (numbers.isTaken(scope, stored)) stored = `${name}~${suffix++}`;
    return stored;
  };
  const anew = (scope: string, name: string): StoredPlace => {
    const number = numbers.takeNew(scope);
    const stored = freeName(scope, name, number);
    numbers.give(scope, stored, number);
    return { number, stored };
  };
  // Alternatives of a union are told apart by what is in them: their members have no other names than their own.
  const storedIn = (scope: string, name: string): string | undefined =>
    scope.includes("|") ? name : present.storedNames(scope).get(name);
  return {
    anew,
    real: {
      member(scope, name) {
        const stored = storedIn(scope, name);
        return stored === undefined ? anew(scope, name) : { number: numbers.take(scope, stored), stored };
      },
      code: (scope, value) => numbers.take(scope, value),
    },
    trial: {
      member(scope, name) {
        const stored = storedIn(scope, name) ?? freeName(scope, name, 0);
        return { number: numbers.of(scope).get(stored) ?? 0, stored };
      },
      code: () => 1,
    },
  };
}

/** The fields of the last version, or of each head, that a field may be: those of its name, else those that it was renamed from. */
function origins(
  heads: readonly ModelVersion[],
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
  name: string,
): readonly NumberedField[] {
  const old = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
  const isGone = old !== undefined && !names.includes(old);
  return heads.flatMap(({ fields }) => {
    const same = fields.find((field) => field.name === name);
    const before = isGone ? fields.find((field) => field.name === old) : undefined;
    return same ?? before ?? [];
  });
}
