import type { KnownNumbers } from "../../history/numbers.js";
import type { FieldModel } from "../../model/model.js";
import { storedFields, storedName } from "../../model/stored-names.js";
import type { EmitInput } from "../emit-input.js";
import { upgradeHistory } from "../upgrade/upgrade-history.js";

/** The fields that a codec of the schema's own reads and writes, as they are stored, with their numbers. */
export interface StoredSession {
  readonly fields: readonly FieldModel[];
  readonly numbers: KnownNumbers;
}

/** The present fields alone. */
export function storedSession({ model, numbers }: EmitInput): StoredSession {
  const byStored = new Map(
    model.fields.map((field) => [storedName(field), numbers.of("").get(field.name) ?? 0]),
  );
  return { fields: storedFields(model.fields), numbers: withFieldNumbers(numbers, byStored) };
}

/** The present fields, and those of older versions that upgrades read. */
export function storedSessionWithOlder(input: EmitInput): StoredSession {
  const present = storedSession(input);
  const byStored = new Map(present.numbers.of(""));
  const fields = [...present.fields];
  for (const { fields: older } of upgradeHistory(input).older.toReversed()) {
    for (const { model, number } of older) {
      const stored = storedName(model);
      if (byStored.has(stored)) continue;
      byStored.set(stored, number);
      const { default: _, ...field } = model;
      fields.push({ ...field, name: stored });
    }
  }
  return { fields: storedFields(fields), numbers: withFieldNumbers(input.numbers, byStored) };
}

function withFieldNumbers(numbers: KnownNumbers, byStored: ReadonlyMap<string, number>): KnownNumbers {
  return {
    of: (scope) => (scope === "" ? byStored : numbers.of(scope)),
    given: (scope) => numbers.given(scope),
  };
}
