import type { Kysely } from "kysely";
import type { Tables } from "./client.js";
import type { OpenConnection } from "./connection.js";
import { type ColumnUse, type DatabaseDialect, hasCode } from "./dialect.js";
import { indexName } from "./index-name.js";
import type { IndexColumns } from "./record-row.js";

/** Which table it is, and its indexed columns. */
export interface TableOptions {
  readonly dialect: DatabaseDialect;
  readonly table: string;
  readonly columns: IndexColumns;
}

/** Creates the table and its indexes where they are missing, as the first migration does. */
export async function createTable({ client }: OpenConnection, options: TableOptions): Promise<void> {
  const { table, columns, dialect } = options;
  const { sql } = await import("kysely");
  const type = (use: ColumnUse) => sql.raw(dialect.types[use]);
  let creation = client.schema
    .createTable(table)
    .ifNotExists()
    .addColumn("id", type("key"), (column) => column.primaryKey().notNull())
    .addColumn("tenant", type("key"))
    .addColumn("revision", type("integer"), (column) => column.notNull())
    .addColumn("write_id", type("text"), (column) => column.notNull())
    .addColumn("created_at", type("integer"), (column) => column.notNull())
    .addColumn("expires_at", type("integer"), (column) => column.notNull())
    .addColumn("header", type("text"), (column) => column.notNull())
    .addColumn("text", type("text"))
    .addColumn("bytes", type("bytes"));
  for (const index of Object.values(columns)) {
    creation = creation.addColumn(index.column, type(index.type === "text" ? "key" : index.type));
  }
  await unlessThere(() => creation.execute());
  for (const column of ["tenant", "expires_at", ...Object.values(columns).map(({ column }) => column)]) {
    await unlessThere(() => createIndex(client, column, options));
  }
}

async function createIndex(
  client: Kysely<Tables>,
  column: string,
  { table, dialect }: TableOptions,
): Promise<void> {
  // With the id, by which pages are ordered, a page is read without sorting.
  const columns = column === "expires_at" ? [column] : [column, "id"];
  const index = client.schema.createIndex(indexName(table, column)).on(table).columns(columns);
  await (dialect.hasIndexIfNotExists ? index.ifNotExists() : index).execute();
}

/** What another process creates at the same moment, `if not exists` does not see on PostgreSQL; MySQL has none for an index. */
async function unlessThere(create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!hasCode(error, "23505", "42P07", "42710", "ER_DUP_KEYNAME", "ER_TABLE_EXISTS_ERROR")) throw error;
  }
}
