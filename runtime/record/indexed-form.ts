import type { IndexedValue } from "../types/backend.js";
import type { Encryption } from "./encryption.js";

/** How the values of indexed fields are stored, which is all that a backend sees of them. */
export interface IndexedForm {
  /** What is stored for a value of a field from now on. */
  toStored(field: string, value: IndexedValue): IndexedValue;
  /** All that may be stored for it already; what is stored from now on comes last. */
  candidates(field: string, value: IndexedValue): readonly IndexedValue[];
}

/** As they are. */
export const plainIndexes: IndexedForm = {
  toStored: (_field, value) => value,
  candidates: (_field, value) => [value],
};

/** As keyed hashes, under the key that encrypted the record: equal values can be found, and no value be read. */
export function hashedIndexes({ hashes }: Encryption): IndexedForm {
  return {
    toStored: (field, value) => hashes(field, value)[0],
    candidates: (field, value) => [...new Set(hashes(field, value))].reverse(),
  };
}

/** Whether two stored values are one: a column of numbers gives a boolean back as 0 or 1. */
export function isSameIndexed(one: IndexedValue | undefined, other: IndexedValue | undefined): boolean {
  return plain(one) === plain(other);
}

function plain(value: IndexedValue | undefined): IndexedValue {
  return typeof value === "boolean" ? Number(value) : (value ?? null);
}
