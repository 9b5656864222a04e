import { randomBytes } from "node:crypto";
import SqliteDatabase from "better-sqlite3";
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect, sql } from "kysely";
import { createPool } from "mysql2";
import { Pool } from "pg";

/** A database of one test, and how to be rid of it. */
export interface TestDatabase {
  readonly db: Kysely<unknown>;
  readonly url: string;
  drop(): Promise<void>;
}

export function openSqlite(path: string): { readonly db: Kysely<unknown>; readonly path: string } {
  return { db: new Kysely({ dialect: new SqliteDialect({ database: new SqliteDatabase(path) }) }), path };
}

/** A new database on a server, with a schema besides `public` if one is named. */
export async function openPostgres(server: string, schema?: string): Promise<TestDatabase> {
  const open = (url: string): Kysely<unknown> => {
    const pool = new Pool({ connectionString: url });
    pool.on("error", () => {});
    return new Kysely({ dialect: new PostgresDialect({ pool }) });
  };
  const created = await createDatabase(
    server,
    open,
    (name) => sql`drop database ${sql.ref(name)} with (force)`,
  );
  if (schema !== undefined) await sql`create schema ${sql.ref(schema)}`.execute(created.db);
  return created;
}

export async function openMysql(server: string): Promise<TestDatabase> {
  const open = (url: string): Kysely<unknown> =>
    new Kysely({ dialect: new MysqlDialect({ pool: createPool(url) }) });
  return await createDatabase(server, open, (name) => sql`drop database ${sql.ref(name)}`);
}

async function createDatabase(
  server: string,
  open: (url: string) => Kysely<unknown>,
  dropping: (name: string) => ReturnType<typeof sql>,
): Promise<TestDatabase> {
  const name = `opened_${randomBytes(6).toString("hex")}`;
  const administrator = open(server);
  await sql`create database ${sql.ref(name)}`.execute(administrator);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const db = open(url);
  return {
    db,
    url,
    drop: async () => {
      await db.destroy();
      await dropping(name).execute(administrator);
      await administrator.destroy();
    },
  };
}
