import { createHash } from "node:crypto";
import { type NumberedField, storedName } from "../history/model-file.js";
import type { FieldModel, KindModel, Model } from "../model/model.js";
import { snakeCase } from "./kind-names.js";

/** The column that an indexed field is kept in. */
export interface IndexColumn {
  /** By the name that it is stored under. */
  readonly field: string;
  readonly column: string;
  readonly type: ColumnType;
  /** It holds what stands for the value of an encrypted session, not the value. */
  readonly hashed?: true;
}

/** A boolean is stored as 0 or 1, a date as epoch milliseconds, a bigint as decimal text. */
export type ColumnType = "text" | "integer" | "real" | "boolean";

/** The columns that every session table has. */
const fixedColumns: readonly string[] = [
  "id",
  "tenant",
  "revision",
  "write_id",
  "created_at",
  "expires_at",
  "header",
  "text",
  "bytes",
];

/** What a table has had so far. */
export interface KnownColumns {
  /** Those that may be used. */
  readonly present: readonly IndexColumn[];
  /** Those and all that are gone: their names are not given again. */
  readonly taken: readonly IndexColumn[];
  /** As numbered, which says what each is stored under. */
  readonly fields: readonly NumberedField[];
}

/**
 * The columns of the model's indexes, in the order of `indexes`, by stored name of the field. A field that has a column
 * of its type already keeps it; a new one whose name is taken gets underscores at its end. Encrypted, a field has
 * another column than in plain, so that either can be turned into the other by a migration that adds one.
 */
export function indexColumns(model: Model, { present, taken, fields }: KnownColumns): readonly IndexColumn[] {
  const names = new Set([...fixedColumns, ...taken.map(({ column }) => column)]);
  return indexedFields(model, fields).map(({ stored, type, isHashed }) => {
    const before = present.find(
      (known) => known.field === stored && known.type === type && (known.hashed ?? false) === isHashed,
    );
    const column = before?.column ?? freeName(isHashed ? `${stored}_hash` : stored, names);
    names.add(column);
    return { field: stored, column, type, ...(isHashed && { hashed: true as const }) };
  });
}

/** How an indexed field is kept. */
export interface IndexedField {
  /** The name that it is stored under. */
  readonly stored: string;
  readonly type: ColumnType;
  readonly isHashed: boolean;
}

/** The indexed fields of a model, in the order of `indexes`. */
export function indexedFields(
  { fields, settings }: Model,
  numbered: readonly NumberedField[],
): readonly IndexedField[] {
  const isHashed = settings.encryption !== undefined;
  return settings.indexes.flatMap((name) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) return [];
    const known = numbered.find((candidate) => candidate.name === name);
    const stored = known === undefined ? name : storedName(known);
    return [{ stored, type: isHashed ? "text" : columnType(field), isHashed }];
  });
}

/** The longest name that PostgreSQL takes; it cuts longer ones off without a word. */
const longestName = 63;

/** The name of the index on a column, as the backend's `createTable` has it too; a long one ends with a digest. */
export function indexName(table: string, column: string): string {
  return shortName(`${table}_${column}`);
}

function shortName(name: string): string {
  if (name.length <= longestName) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longestName - digest.length - 1)}_${digest}`;
}

function freeName(field: string, taken: ReadonlySet<string>): string {
  let name = shortName(snakeCase(field));
  while (taken.has(name)) name += "_";
  return name;
}

function columnType(field: FieldModel): ColumnType {
  return scalarColumnType(field.kind);
}

function scalarColumnType(kind: KindModel): ColumnType {
  switch (kind.type) {
    case "boolean":
      return "boolean";
    case "integer":
    case "date":
      return "integer";
    case "number":
      return "real";
    case "nullable":
      return scalarColumnType(kind.inner);
    case "literal":
      return literalColumnType(kind.values);
    default:
      return "text";
  }
}

function literalColumnType(values: readonly (string | number | boolean)[]): ColumnType {
  if (values.every((value) => typeof value === "boolean")) return "boolean";
  if (values.every((value) => Number.isSafeInteger(value))) return "integer";
  return values.every((value) => typeof value === "number") ? "real" : "text";
}
