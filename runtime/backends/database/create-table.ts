import type { DatabaseDialect } from "./client.js";
import type { OpenConnection } from "./connection.js";
import type { IndexColumns } from "./record-row.js";

export interface TableOptions {
  readonly dialect: DatabaseDialect;
  readonly table: string;
  readonly columns: IndexColumns;
}

/** Creates the table and its indexes where they are missing, as the first migration does. */
export async function createTable({ client }: OpenConnection, options: TableOptions): Promise<void> {
  const { table, columns, dialect } = options;
  const { text, integer, bytes } = dialect.types;
  let creation = client.schema
    .createTable(table)
    .ifNotExists()
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("tenant", text)
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("write_id", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("expires_at", integer, (column) => column.notNull())
    .addColumn("header", text, (column) => column.notNull())
    .addColumn("text", text)
    .addColumn("bytes", bytes);
  for (const { column, type } of Object.values(columns)) {
    creation = creation.addColumn(column, dialect.types[type]);
  }
  await creation.execute();
  for (const column of ["tenant", "expires_at", ...Object.values(columns).map(({ column }) => column)]) {
    // With the id, by which pages are ordered, a page is read without sorting.
    const index = client.schema.createIndex(`${table}_${column}`).ifNotExists().on(table);
    await index.columns(column === "expires_at" ? [column] : [column, "id"]).execute();
  }
}
