import { createHash } from "node:crypto";
import { type IndexedField, indexedFields } from "../emit/index-columns.js";
import type { Model } from "../model/model.js";
import { headsOf, type ModelFile, type NumberedField, newestFirst, storedName } from "./model-file.js";
import { isWidening } from "./widening.js";

/** How the indexes of the newest version came to be, by the names that their fields are stored under. */
export interface IndexHistory {
  /** Those that an earlier version did not keep, or kept otherwise: its records are not found by them before a reindex. */
  readonly late: readonly string[];
  /** What those are marked under that an earlier version kept and this one does not, or keeps otherwise. */
  readonly ended: readonly string[];
  /** What an index is marked under, where that is not its field: an earlier version keeps that one otherwise. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * What a version remembers of each index: what is stored and how, `userId:integer`. Where earlier versions find some
 * sessions by another value, a digest of what the field is now follows: `plan:text#1f2e3d4c`.
 */
export function indexIdentities(
  model: Model,
  fields: readonly NumberedField[],
  file?: ModelFile,
): readonly string[] {
  const versions = file === undefined ? [] : newestFirst(file);
  const former = versions.flatMap(({ indexes = [], fields: its }) =>
    indexes.map((index): FormerIndex => ({ index, field: fieldStoredAs(fieldOf(index), its) })),
  );
  return indexedFields(model, fields)
    .map((index) => identityOf(index, fieldStoredAs(index.stored, fields), former))
    .sort();
}

/** Compares the newest version with every other one that is kept. */
export function indexHistory(file: ModelFile): IndexHistory {
  const [head] = headsOf(file);
  const present = head?.indexes ?? [];
  const others = file.versions.filter((version) => version !== head).map(({ indexes = [] }) => indexes);
  const late = present.filter((index) => others.some((indexes) => !indexes.includes(index)));
  const ended = new Set(others.flat().map(keyOf));
  for (const index of present) ended.delete(keyOf(index));
  const keys = present.map((index) => [fieldOf(index), keyOf(index)] as const);
  return {
    late: late.map(fieldOf),
    ended: [...ended].sort(),
    keys: Object.fromEntries(keys.filter(([field, key]) => field !== key)),
  };
}

/** An index that a version kept, and its field then. */
interface FormerIndex {
  readonly index: string;
  readonly field: NumberedField | undefined;
}

function identityOf(
  { stored, type, isHashed }: IndexedField,
  field: NumberedField | undefined,
  former: readonly FormerIndex[],
): string {
  const plain = `${stored}:${isHashed ? "hash" : type}`;
  const own = former.filter(({ index }) => fieldOf(index) === stored);
  const same = own.find(
    ({ index, field: before }) => undigested(index) === plain && isFoundAlike(before, field),
  );
  if (same !== undefined) return same.index;
  if (own.length === 0 || field === undefined) return plain;
  const form = JSON.stringify([plain, field.kind, field.default]);
  return `${plain}#${createHash("sha256").update(form).digest("hex").slice(0, 8)}`;
}

/** Whether what the earlier version found a session by is what it is now found by: nothing is converted, nor absent in another way. */
function isFoundAlike(before: NumberedField | undefined, now: NumberedField | undefined): boolean {
  if (before === undefined || now === undefined) return false;
  return JSON.stringify(before.default) === JSON.stringify(now.default) && isWidening(before.kind, now.kind);
}

function fieldStoredAs(stored: string, fields: readonly NumberedField[]): NumberedField | undefined {
  return fields.find((field) => storedName(field) === stored);
}

function fieldOf(index: string): string {
  return index.slice(0, index.lastIndexOf(":"));
}

function keyOf(index: string): string {
  return undigested(index) === index ? fieldOf(index) : index;
}

function undigested(index: string): string {
  return index.replace(/#[0-9a-f]{8}$/, "");
}
