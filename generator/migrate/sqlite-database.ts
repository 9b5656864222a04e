import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  CompiledQuery,
  type Dialect,
  type Driver,
  DummyDriver,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
} from "kysely";
import { CommandError } from "../command.js";
import { sqlitePackage } from "./sqlite-package.js";

/** How long a migration waits for another process's, in milliseconds. */
const busyTimeout = 60_000;

export interface SqliteLocation {
  /** A file path, relative to the working directory, or `:memory:`. */
  readonly url: string;
  /** The folder from which better-sqlite3 is resolved: the schema's. */
  readonly projectFolder: string;
}

/** Opens the database; its transactions take the write lock at once, so that two processes never migrate together. */
export function openSqlite({ url, projectFolder }: SqliteLocation): Kysely<unknown> {
  const database = openFile(loadDriver(projectFolder), url);
  const dialect = new SqliteDialect({ database });
  return new Kysely<unknown>({ dialect: withDriver(dialect, immediate(dialect.createDriver())) });
}

/** A Kysely that runs nothing and shows the SQL it would have run. */
export function printingSqlite(print: (sql: string) => void): Kysely<unknown> {
  const dialect = new SqliteDialect({ database: () => Promise.reject(new Error("never opened")) });
  const log = ({ query }: { readonly query: CompiledQuery }): void => print(query.sql);
  return new Kysely<unknown>({ dialect: withDriver(dialect, new DummyDriver()), log });
}

/** Whether there is a database to look into. */
export function hasSqlite(url: string): boolean {
  return url === ":memory:" || existsSync(url);
}

type Open = (url: string, options: { readonly timeout: number }) => SqliteDatabase;

function loadDriver(projectFolder: string): Open {
  const require = createRequire(join(projectFolder, "session.schema.ts"));
  try {
    const Database: new (...args: Parameters<Open>) => SqliteDatabase = require("better-sqlite3");
    return (url, options) => new Database(url, options);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    throw new CommandError(
      `The package better-sqlite3 is not installed; database({ dialect: "sqlite" }) needs it: npm install ${sqlitePackage(process.versions.node)}`,
    );
  }
}

function openFile(open: Open, url: string): SqliteDatabase {
  if (url !== ":memory:" && !existsSync(dirname(url)))
    throw new CommandError(`The folder of the database ${url} does not exist.`);
  try {
    return open(url, { timeout: busyTimeout });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/bindings file|NODE_MODULE_VERSION|\.node\b/.test(reason)) throw new CommandError(notBuilt);
    throw new CommandError(`The database ${url} cannot be opened: ${reason}`);
  }
}

const notBuilt =
  "The package better-sqlite3 is installed but not built, since its install script did not run. Allow it with npm approve-scripts better-sqlite3 (or allowScripts in package.json), then npm rebuild better-sqlite3";

function withDriver(dialect: Dialect, driver: Driver): Dialect {
  return {
    // SQLite undoes changes of tables with their transaction; Kysely does not count on it.
    createAdapter: () =>
      Object.defineProperty(dialect.createAdapter(), "supportsTransactionalDdl", { value: true }),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => driver,
  };
}

function immediate(driver: Driver): Driver {
  driver.beginTransaction = async (connection) => {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  };
  return driver;
}
