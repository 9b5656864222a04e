import type { TableHistory } from "../history/model-file.js";
import {
  addIndexMigration,
  createTableMigration,
  dropIndexMigration,
  renameTableMigration,
} from "./migration-files.js";
import { type MigrationStep, type StepColumn, stepColumn } from "./migration-text.js";
import type { EmittedFile } from "./source-file.js";

/** The file of each step of a table's history. A file depends on the steps before it alone, so that it stays as it was written. */
export function tableMigrations({ name, schema, migrations }: TableHistory): readonly EmittedFile[] {
  const place = schema === undefined ? {} : { schema };
  let table = migrations.find(({ renames }) => renames !== undefined)?.renames?.from ?? name;
  let after: string | undefined;
  const known = new Map<string, StepColumn>();
  return migrations.map(({ name, columns, drops = [], renames }, at) => {
    for (const column of columns) known.set(column.column, stepColumn(table, column));
    const names = drops.length > 0 ? drops : columns.map(({ column }) => column);
    const step: MigrationStep = {
      ...place,
      name,
      table,
      columns: names.flatMap((column) => known.get(column) ?? []),
      ...(after !== undefined && { after }),
    };
    if (renames !== undefined) {
      table = renames.to;
      after = name;
      return renameTableMigration(step, renames.to);
    }
    if (drops.length > 0) return dropIndexMigration(step);
    return at === 0 ? createTableMigration(step) : addIndexMigration(step);
  });
}
