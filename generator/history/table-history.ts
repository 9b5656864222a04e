import { type IndexColumn, indexColumns } from "../emit/index-columns.js";
import { kindNames } from "../emit/kind-names.js";
import { databaseOf } from "../model/backend-places.js";
import type { Model } from "../model/model.js";
import type { TableHistory } from "./model-file.js";
import { notYet, type Obstacle } from "./obstacle.js";

/** What decides about the table of a new version. */
export interface TableInput {
  readonly model: Model;
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

/** What migrations a new version of the schema needs. */
export function nextTable({ model, before, migrationNames }: TableInput): NextTable {
  const database = databaseOf(model.settings.backend);
  if (database === undefined) return { table: before, columns: [], obstacles: [] };
  const known = before?.migrations.flatMap((migration) => migration.columns) ?? [];
  const columns = indexColumns(model, known);
  const name = database.table ?? kindNames(model.name).table;
  const place = { name, ...(database.schema !== undefined && { schema: database.schema }) };
  const number = migrationNumbers([
    ...migrationNames,
    ...(before?.migrations.map((migration) => migration.name) ?? []),
  ]);
  if (before === undefined) {
    const migrations = [{ name: `${number()}_create_${name}`, columns }];
    return { table: { ...place, migrations }, columns, obstacles: [] };
  }
  const added = columns.filter(({ column }) => known.every((before) => before.column !== column));
  const migrations = added.map((column) => ({ name: `${number()}_add_${column.column}`, columns: [column] }));
  return {
    table: { ...before, migrations: [...before.migrations, ...migrations] },
    columns,
    obstacles: tableObstacles(before, place, known, columns),
  };
}

function tableObstacles(
  before: TableHistory,
  now: { readonly name: string; readonly schema?: string },
  known: readonly IndexColumn[],
  columns: readonly IndexColumn[],
): readonly Obstacle[] {
  const isMoved = before.name !== now.name || before.schema !== now.schema;
  const retyped = columns.filter(({ column, type }) =>
    known.some((before) => before.column === column && before.type !== type),
  );
  const dropped = known.filter(({ field }) => columns.every((column) => column.field !== field));
  return [
    ...(isMoved
      ? [notYet("undecided", `The table "${before.name}" would become "${now.name}"`, ["backend"])]
      : []),
    ...retyped.map(({ field }) =>
      notYet("breaking", `The column of the index "${field}" would change its type`, ["indexes"]),
    ),
    ...dropped.map(({ field }) => notYet("undecided", `The index "${field}" would go`, ["indexes"])),
  ];
}

/** Gives the next free number, of four digits, at each call. */
function migrationNumbers(names: readonly string[]): () => string {
  let highest = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite));
  return () => String(++highest).padStart(4, "0");
}
