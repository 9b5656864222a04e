import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  sql,
} from "kysely";
import mysql2 from "mysql2";
import pg from "pg";
import {
  createDatabaseBackend,
  type DatabaseBackend,
  type DatabaseBackendOptions,
  type IndexColumn,
} from "../../../runtime/backends/database.js";
import { within } from "../../servers/until.js";
import { atEndOfFile } from "../../suites/end-of-file.js";

/** The indexes that the backend's contract is tested with. */
export const columns: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  label: { column: "label", type: "text" },
  admin: { column: "admin", type: "boolean" },
};

export interface ServerUnderTest {
  readonly dialect: "postgres" | "mysql";
  readonly url: string;
}

/** A name that no other test has. */
export function uniqueName(): string {
  return `t_${crypto.randomUUID().replaceAll("-", "_")}`;
}

/** A backend with a table of its own, closed after the test file. */
export function openBackend(
  { dialect, url }: ServerUnderTest,
  options: Partial<DatabaseBackendOptions> = {},
): DatabaseBackend {
  const backend = createDatabaseBackend({ dialect, url, columns, table: uniqueName(), ...options });
  atEndOfFile(() => backend.close());
  return backend;
}

/** What an app has, whose tables are in camel case; MySQL counts changed rows only. Closed after the test file. */
export function openApp(server: ServerUnderTest, isolation?: "serializable"): Kysely<unknown> {
  const plugins = [new CamelCasePlugin()];
  const app = new Kysely<unknown>({ dialect: appDialect(server, isolation), plugins });
  atEndOfFile(() => app.destroy());
  return app;
}

/** A database of its own on the server, which the test drops. */
export async function createDatabase(
  { dialect, url }: ServerUnderTest,
  admin: Kysely<unknown>,
): Promise<ServerUnderTest> {
  const own = new URL(url);
  own.pathname = uniqueName();
  await within(60_000, sql`create database ${sql.ref(own.pathname.slice(1))}`.execute(admin));
  return { dialect, url: own.href };
}

export async function dropDatabase(server: ServerUnderTest, admin: Kysely<unknown>): Promise<void> {
  // `drop database … with (force)` came with PostgreSQL 13.
  if (server.dialect === "postgres") await endConnections(server, admin);
  await sql`drop database ${sql.ref(new URL(server.url).pathname.slice(1))}`.execute(admin);
}

/** Ends every connection to the database, as an administrator does. */
export async function endConnections(
  { dialect, url }: ServerUnderTest,
  admin: Kysely<unknown>,
): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  if (dialect === "postgres") {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`.execute(admin);
    return;
  }
  const { rows } = await sql<{ id: number }>`
    select id from information_schema.processlist where db = ${name}`.execute(admin);
  for (const { id } of rows) await sql`kill ${sql.lit(Number(id))}`.execute(admin).catch(() => {});
}

function appDialect(
  { dialect, url }: ServerUnderTest,
  isolation: "serializable" | undefined,
): PostgresDialect | MysqlDialect {
  const onCreateConnection = async (connection: DatabaseConnection): Promise<void> => {
    const scope = dialect === "postgres" ? "session characteristics as" : "session";
    if (isolation === undefined) return;
    await connection.executeQuery(CompiledQuery.raw(`set ${scope} transaction isolation level ${isolation}`));
  };
  if (dialect === "mysql") {
    const pool = mysql2.createPool({ uri: url, flags: ["-FOUND_ROWS"] });
    return new MysqlDialect({ pool, onCreateConnection });
  }
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {});
  return new PostgresDialect({ pool, onCreateConnection });
}
