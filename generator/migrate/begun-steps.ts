import { type Kysely, sql } from "kysely";
import { existingColumns } from "./existing-table.js";
import type { NameChange } from "./present-names.js";

/**
 * Where a database cannot undo a step that stopped midway: the steps that were begun, up or down, and did not come to
 * their end. A step is marked before its first statement, and the mark goes when the step has been noted.
 */
const begunTable = "session_gen_migration_started";

/** Their names, in order. Reads only. */
export async function readBegun(db: Kysely<unknown>): Promise<readonly string[]> {
  const columns = await existingColumns(db, "mysql", { table: begunTable });
  if (columns.length === 0) return [];
  const { rows } = await sql<{ readonly name: string }>`
    select name from ${sql.table(begunTable)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Marks a step that is not marked yet. */
export async function markBegun(db: Kysely<unknown>, name: string): Promise<void> {
  await sql`create table if not exists ${sql.table(begunTable)}
    (name varchar(255) not null primary key)`.execute(db);
  await sql`insert into ${sql.table(begunTable)} (name) values (${name})`.execute(db);
}

/** Marks a step under the name that it has now. */
export async function renameBegun(db: Kysely<unknown>, { from, to, isNoted }: NameChange): Promise<void> {
  if (isNoted) return await unmarkBegun(db, from);
  await sql`update ${sql.table(begunTable)} set name = ${to} where name = ${from}`.execute(db);
}

/** Takes the mark of a step away. */
export async function unmarkBegun(db: Kysely<unknown>, name: string): Promise<void> {
  await sql`delete from ${sql.table(begunTable)} where name = ${name}`.execute(db);
}
