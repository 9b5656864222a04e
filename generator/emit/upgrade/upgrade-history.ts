import type { EarlierField, FieldLineage } from "../../history/lineage.js";
import { type NumberedField, storedName } from "../../history/model-file.js";
import { toFieldModel } from "../../history/to-field-model.js";
import { isWidening } from "../../history/widening.js";
import type { FieldModel } from "../../model/model.js";
import type { EmitInput } from "../emit-input.js";

/** What a schema's upgrades start from. */
export interface UpgradeHistory {
  /** The versions that values are converted from, oldest first. */
  readonly older: readonly OlderVersion[];
  /** By the name of the field: what it was before something else became of it, oldest first. */
  readonly steps: ReadonlyMap<string, readonly FieldStep[]>;
}

/** A version whose records are upgraded. */
export interface OlderVersion {
  /** Its place among all versions, from 1 on. */
  readonly number: number;
  readonly fields: readonly FieldModel[];
}

/** What a field was. */
export interface FieldStep {
  /** The last version that had it so: its place in `UpgradeHistory.older`. */
  readonly version: number;
  readonly name: string;
  readonly stored: string;
}

/** Finds out what has to be converted; nothing where the schema names no upgrades. */
export function upgradeHistory({ model, lineage, versions = [] }: EmitInput): UpgradeHistory {
  if (model.settings.upgrade === undefined) return { older: [], steps: new Map() };
  const shapes = versions.map(({ shape }) => shape);
  const placed = lineage.flatMap(({ field, earlier }) =>
    lostValues({ field, earlier }).map(({ field: was, shapes: [shape = ""] }) => {
      return { field: field.name, was, place: shapes.lastIndexOf(shape) };
    }),
  );
  const places = [...new Set(placed.map(({ place }) => place))]
    .filter((place) => place >= 0)
    .sort((one, other) => one - other);
  const steps = new Map<string, FieldStep[]>();
  for (const { field, was, place } of placed) {
    const version = places.indexOf(place);
    if (version < 0) continue;
    const step = { version, name: was.name, stored: storedName(was) };
    steps.set(field, [...(steps.get(field) ?? []), step]);
  }
  const older = places.map((place) => ({
    number: place + 1,
    fields: (versions[place]?.fields ?? []).map(toFieldModel),
  }));
  return { older, steps };
}

/** Of what a field was, that of which not every value is one of what it was next; oldest first. */
function lostValues({ field, earlier }: FieldLineage): readonly EarlierField[] {
  const forms = [...earlier].reverse();
  return forms.filter((form, index) => !isKept(form.field, forms[index + 1]?.field ?? field));
}

function isKept(before: NumberedField, after: NumberedField): boolean {
  return storedName(before) === storedName(after) && isWidening(before.kind, after.kind);
}
