import { type EarlierField, type FieldLineage, lineageOf } from "../../history/lineage.js";
import {
  type ModelFile,
  type ModelVersion,
  type NumberedField,
  storedName,
} from "../../history/model-file.js";
import { toFieldModel } from "../../history/to-field-model.js";
import { isWidening } from "../../history/widening.js";
import type { FieldModel } from "../../model/model.js";
import type { EmitInput } from "../emit-input.js";

/** What a schema's upgrades start from. */
export interface UpgradeHistory {
  /** The versions that values are converted from, oldest first. */
  readonly older: readonly OlderVersion[];
  /** By the name of the field: what it was before something else became of it, oldest first; before all, that it was not. */
  readonly steps: ReadonlyMap<string, readonly FieldStep[]>;
}

/** A version whose records are upgraded. */
export interface OlderVersion {
  /** Its place among all versions, from 1 on. */
  readonly number: number;
  readonly fields: readonly FieldModel[];
}

/** What a field was, or that there was none. */
export type FieldStep = FormerField | AbsentField;

/** What a field was. */
interface FormerField {
  /** The last version that had it so: its place in `UpgradeHistory.older`. */
  readonly version: number;
  readonly name: string;
  readonly stored: string;
}

/** Where a field was not yet, so that it may follow from others. */
interface AbsentField {
  /** The last version before it. */
  readonly version: number;
  /** The hashes of all shapes before it. */
  readonly shapes: readonly string[];
}

/** Finds out what has to be converted; nothing where the schema names no upgrades. */
export function upgradeHistory({ model, lineage, versions = [] }: EmitInput): UpgradeHistory {
  if (model.settings.upgrade === undefined) return { older: [], steps: new Map() };
  const shapes = versions.map(({ shape }) => shape);
  const placed = lineage.flatMap(({ field, earlier }): readonly PlacedStep[] => {
    const before = versionsBefore({ field, earlier }, versions);
    const absent = { place: versions.findLastIndex((version) => before.has(version)), field: field.name };
    return [
      { ...absent, shapes: [...new Set([...before].map(({ shape }) => shape))] },
      ...lostValues({ field, earlier }).map(({ field: { name, ...was }, shapes: [shape = ""] }) => ({
        place: shapes.lastIndexOf(shape),
        field: field.name,
        name,
        stored: storedName({ name, ...was }),
      })),
    ];
  });
  const places = [...new Set(placed.map(({ place }) => place))]
    .filter((place) => place >= 0)
    .sort((one, other) => one - other);
  const steps = new Map<string, FieldStep[]>();
  for (const { field, place, ...step } of placed) {
    const version = places.indexOf(place);
    if (version < 0) continue;
    steps.set(field, [...(steps.get(field) ?? []), { version, ...step }]);
  }
  const older = places.map((place) => ({
    number: place + 1,
    fields: (versions[place]?.fields ?? []).map(toFieldModel),
  }));
  return { older, steps };
}

/** The shapes from which upgrades of these fields start: a record keeps such a value until the field is assigned, whatever version saves it. */
export function upgradedShapes(file: ModelFile, fields: readonly string[]): readonly string[] {
  return lineageOf(file)
    .filter(({ field }) => fields.includes(field.name))
    .flatMap((line) => lostValues(line).flatMap(({ shapes: [newest] }) => newest ?? []));
}

type PlacedStep = { readonly field: string; readonly place: number } & (
  | Omit<FormerField, "version">
  | Omit<AbsentField, "version">
);

/** The versions in which there was no such field, under whatever name or type, and which come before all in which there was. */
function versionsBefore(
  { field, earlier }: FieldLineage,
  versions: readonly ModelVersion[],
): ReadonlySet<ModelVersion> {
  const names = new Set([field, ...earlier.map((form) => form.field)].map(storedName));
  const since = new Set<string>();
  const before = new Set<ModelVersion>();
  for (const version of versions) {
    const isSince =
      version.fields.some((candidate) => names.has(storedName(candidate))) ||
      version.parents.some((parent) => since.has(parent));
    if (isSince) since.add(version.hash);
    else before.add(version);
  }
  return before;
}

/** Of what a field was, that of which not every value is one of what it was next; oldest first. */
function lostValues({ field, earlier }: FieldLineage): readonly EarlierField[] {
  const forms = [...earlier].reverse();
  return forms.filter((form, index) => !isKept(form.field, forms[index + 1]?.field ?? field));
}

function isKept(before: NumberedField, after: NumberedField): boolean {
  return storedName(before) === storedName(after) && isWidening(before.kind, after.kind);
}
