import { indexedFields } from "../emit/index-columns.js";
import type { Model } from "../model/model.js";
import { headsOf, type ModelFile, type NumberedField } from "./model-file.js";

/** How the indexes of the newest version came to be, by the names that their fields are stored under. */
export interface IndexHistory {
  /** Those that an earlier version did not keep, or kept otherwise: its records are not found by them before a reindex. */
  readonly late: readonly string[];
  /** Those that an earlier version kept and this one does not. */
  readonly ended: readonly string[];
}

/** What a version remembers of each index: what is stored and how, `userId:integer`. */
export function indexIdentities(model: Model, fields: readonly NumberedField[]): readonly string[] {
  return indexedFields(model, fields)
    .map(({ stored, type, isHashed }) => `${stored}:${isHashed ? "hash" : type}`)
    .sort();
}

/** Compares the newest version with every other one that is kept. */
export function indexHistory(file: ModelFile): IndexHistory {
  const [head] = headsOf(file);
  const present = head?.indexes ?? [];
  const others = file.versions.filter((version) => version !== head).map(({ indexes = [] }) => indexes);
  const late = present.filter((index) => others.some((indexes) => !indexes.includes(index)));
  const ended = new Set(others.flat().map(fieldOf));
  for (const index of present) ended.delete(fieldOf(index));
  return { late: late.map(fieldOf), ended: [...ended].sort() };
}

function fieldOf(index: string): string {
  return index.slice(0, index.lastIndexOf(":"));
}
