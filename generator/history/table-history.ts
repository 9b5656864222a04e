import { type IndexColumn, indexColumns } from "../emit/index-columns.js";
import { kindNames } from "../emit/kind-names.js";
import { databaseOf } from "../model/backend-places.js";
import type { Model } from "../model/model.js";
import type { NumberedField, TableHistory, TableMigration } from "./model-file.js";
import type { Obstacle } from "./obstacle.js";

/** What decides about the table of a new version. */
export interface TableInput {
  readonly model: Model;
  /** The fields of the new version, by which each is stored under the same name for ever. */
  readonly fields: readonly NumberedField[];
  /** The table of the version before; absent while there was no database. */
  readonly before: TableHistory | undefined;
  /** Names of the migrations in the folder, whoever wrote them; a new one gets the number after the highest. */
  readonly migrationNames: readonly string[];
}

/** The table after this generation. */
export interface NextTable {
  readonly table: TableHistory | undefined;
  /** Of the indexes that the schema declares now. */
  readonly columns: readonly IndexColumn[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What migrations a new version of the schema needs, one for each change. A column keeps its name for ever and no other
 * one ever gets it; what needs another column gets one beside. Columns that are no longer used, and a former name of
 * the table, go by contract steps.
 */
export function nextTable({ model, fields, before, migrationNames }: TableInput): NextTable {
  const database = databaseOf(model.settings.backend);
  if (database === undefined) return { table: before, columns: [], obstacles: [] };
  const steps = before?.migrations ?? [];
  const present = presentColumns(steps);
  const columns = indexColumns(model, { present, taken: everyColumn(steps), fields });
  const name = database.table ?? kindNames(model.name).table;
  const place = { name, ...(database.schema !== undefined && { schema: database.schema }) };
  const number = migrationNumbers([...migrationNames, ...steps.map((step) => step.name)]);
  if (before === undefined) {
    const migrations = [{ name: `${number()}_create_${name}`, columns }];
    return { table: { ...place, migrations }, columns, obstacles: [] };
  }
  if (before.schema !== database.schema) {
    return { table: before, columns, obstacles: [moved(before.schema, database.schema)] };
  }
  const added = columns.filter(({ column }) => present.every((known) => known.column !== column));
  const unused = present.filter(({ column }) => columns.every((used) => used.column !== column));
  const migrations: readonly TableMigration[] = [
    ...steps,
    ...added.map((column) => ({ name: `${number()}_add_${column.column}`, columns: [column] })),
    ...(before.name === name ? [] : [renaming(number(), before.name, name)]),
    ...unused.map(({ column }) => ({ name: `${number()}_drop_${column}`, columns: [], drops: [column] })),
  ];
  return { table: { ...place, migrations }, columns, obstacles: [] };
}

/** The names that a table had before, the latest first: until the contract step has run, it is under one of them. */
export function formerTables({ name, migrations }: TableHistory): readonly string[] {
  const former = migrations.flatMap(({ renames }) => (renames === undefined ? [] : [renames.from]));
  return [...new Set(former.reverse())].filter((table) => table !== name);
}

function renaming(number: string, from: string, to: string): TableMigration {
  return { name: `${number}_rename_${from}`, columns: [], renames: { from, to } };
}

function everyColumn(steps: readonly TableMigration[]): readonly IndexColumn[] {
  return steps.flatMap((step) => step.columns);
}

/** Those that no step drops; the step may not have run yet. */
export function presentColumns(steps: readonly TableMigration[]): readonly IndexColumn[] {
  const dropped = steps.flatMap(({ drops = [] }) => drops);
  return everyColumn(steps).filter(({ column }) => !dropped.includes(column));
}

function moved(from: string | undefined, to: string | undefined): Obstacle {
  const named = (schema: string | undefined): string => (schema === undefined ? "no schema" : `"${schema}"`);
  return {
    status: "undecided",
    about: ["backend"],
    message: `The table would move from ${named(from)} to ${named(to)}. Tables are not moved between schemas: undo it; or declare a new table there by another \`table\` in a copy of the schema file, and bring the sessions over with session-gen copy.`,
  };
}

/** Gives the next free number, of four digits, at each call. */
function migrationNumbers(names: readonly string[]): () => string {
  let highest = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite));
  return () => String(++highest).padStart(4, "0");
}
