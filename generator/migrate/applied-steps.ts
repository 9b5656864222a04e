import { type Kysely, sql } from "kysely";
import { existingColumns } from "./existing-table.js";
import type { DialectName } from "./location.js";
import type { NameChange } from "./present-names.js";

/** Kept apart from the app's own migrations, in the form that Kysely's migrator gives it. */
const appliedTable = "session_gen_migration";

/** The names of the steps that have run, in the order in which they did. Reads only. */
export async function readApplied(db: Kysely<unknown>, dialect: DialectName): Promise<readonly string[]> {
  const columns = await existingColumns(db, dialect, { table: appliedTable });
  return columns.length === 0 ? [] : await selectApplied(db);
}

/** The same, for whoever is about to note a step: makes the table where it is missing. */
export async function openApplied(db: Kysely<unknown>): Promise<readonly string[]> {
  await db.schema
    .createTable(appliedTable)
    .ifNotExists()
    .addColumn("name", "varchar(255)", (column) => column.notNull().primaryKey())
    .addColumn("timestamp", "varchar(255)", (column) => column.notNull())
    .execute();
  return await selectApplied(db);
}

/** Notes that a step has run. */
export async function noteApplied(db: Kysely<unknown>, name: string): Promise<void> {
  const timestamp = new Date().toISOString();
  await sql`insert into ${sql.table(appliedTable)} (name, ${sql.ref("timestamp")}) values (${name}, ${timestamp})`.execute(
    db,
  );
}

/** Notes a step under the name that it has now. */
export async function renameApplied(db: Kysely<unknown>, { from, to, isNoted }: NameChange): Promise<void> {
  if (isNoted) return await noteUndone(db, from);
  await sql`update ${sql.table(appliedTable)} set name = ${to} where name = ${from}`.execute(db);
}

/** Forgets a step that was undone. */
export async function noteUndone(db: Kysely<unknown>, name: string): Promise<void> {
  await sql`delete from ${sql.table(appliedTable)} where name = ${name}`.execute(db);
}

async function selectApplied(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`
    select name from ${sql.table(appliedTable)} order by ${sql.ref("timestamp")}, name`.execute(db);
  return rows.map(({ name }) => name);
}
