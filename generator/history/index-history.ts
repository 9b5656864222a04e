import { createHash } from "node:crypto";
import { type IndexColumn, type IndexedField, indexedFields } from "../emit/index-columns.js";
import type { Model } from "../model/model.js";
import {
  headsOf,
  type ModelFile,
  type NumberedField,
  newestFirst,
  storedName,
  type TableHistory,
} from "./model-file.js";
import { presentColumns } from "./table-history.js";
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

/** What is indexed, and where. */
export interface IndexedModel {
  readonly model: Model;
  readonly fields: readonly NumberedField[];
  /** Of the model's indexes, where they are in a database. */
  readonly columns: readonly IndexColumn[];
}

/**
 * What a version remembers of each index: what is stored and how, `userId:integer`. Where earlier versions find some
 * sessions by another value, or in another column, a digest of what the field is now follows: `plan:text#1f2e3d4c`.
 */
export function indexIdentities(
  { model, fields, columns }: IndexedModel,
  file?: ModelFile,
): readonly string[] {
  const versions = file === undefined ? [] : newestFirst(file);
  const former = versions.flatMap(({ indexes = [], fields: its, table }) =>
    indexes.map(
      (index): PlacedIndex => ({
        index,
        field: fieldStoredAs(fieldOf(index), its),
        column: columnOf(index, table),
      }),
    ),
  );
  return indexedFields(model, fields)
    .map((indexed): string => {
      const { stored } = indexed;
      const column = columns.find(({ field }) => field === stored)?.column;
      return identityOf({ index: plainOf(indexed), field: fieldStoredAs(stored, fields), column }, former);
    })
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

/** An index that a version keeps, its field then, and its column where it is in a database. */
interface PlacedIndex {
  readonly index: string;
  readonly field: NumberedField | undefined;
  readonly column: string | undefined;
}

function identityOf(present: PlacedIndex, former: readonly PlacedIndex[]): string {
  const { index: plain, field, column } = present;
  const own = former.filter(({ index }) => fieldOf(index) === fieldOf(plain));
  const alike = own.filter(
    (before) => undigested(before.index) === plain && isFoundAlike(before.field, field),
  );
  const same = alike.find((before) => !isElsewhere(before, present));
  if (same !== undefined) return same.index;
  if (own.length === 0 || field === undefined) return plain;
  const form = [plain, field.kind, field.default, ...(alike.length > 0 ? [column] : [])];
  return `${plain}#${createHash("sha256").update(JSON.stringify(form)).digest("hex").slice(0, 8)}`;
}

/** An index that comes back has another column: the versions from before it went write to the former one. */
function isElsewhere(before: PlacedIndex, now: PlacedIndex): boolean {
  return before.column !== undefined && now.column !== undefined && before.column !== now.column;
}

/** The column that a version has of an index. */
function columnOf(index: string, table: TableHistory | undefined): string | undefined {
  const known = presentColumns(table?.migrations ?? []).find(
    ({ field, type, hashed = false }) =>
      plainOf({ stored: field, type, isHashed: hashed }) === undigested(index),
  );
  return known?.column;
}

function plainOf({ stored, type, isHashed }: IndexedField): string {
  return `${stored}:${isHashed ? "hash" : type}`;
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
