import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { CompiledQuery, type Dialect, type Driver, Kysely, type SqliteDatabase, SqliteDialect } from "kysely";
import { CommandError } from "../command.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseLocation } from "./location.js";
import type { MigrationDatabase } from "./migration-database.js";
import { sqlitePackage } from "./sqlite-package.js";

/** How long a migration waits for another process's, in milliseconds. */
const busyTimeout = 60_000;

/** Opens the database; its transactions take the write lock at once, so that two processes never migrate together. */
export function openSqlite({ url, projectFolder }: DatabaseLocation): MigrationDatabase {
  const database = openFile(loadSqlite(projectFolder), url);
  const dialect = new SqliteDialect({ database });
  const db = new Kysely<unknown>({ dialect: withDriver(dialect, immediate(dialect.createDriver())) });
  return {
    db,
    dialect: "sqlite",
    undoesSteps: true,
    exclusively: (work) => db.transaction().execute(work),
    readBegun: async () => [],
    runStep: async (_db, { run, note }) => {
      await run();
      await note();
    },
  };
}

/** Whether there is a database to look into. */
export function hasSqlite(url: string): boolean {
  return url === ":memory:" || existsSync(url);
}

type Open = (url: string, options: { readonly timeout: number }) => SqliteDatabase;

function loadSqlite(projectFolder: string): Open {
  const install = sqlitePackage(process.versions.node);
  const module = loadDriver(projectFolder, { name: "better-sqlite3", dialect: "sqlite", install });
  if (!isConstructor(module)) throw new CommandError("The package better-sqlite3 is not what it should be.");
  return (url, options) => new module(url, options);
}

function isConstructor(module: unknown): module is new (...args: Parameters<Open>) => SqliteDatabase {
  return typeof module === "function";
}

function openFile(open: Open, url: string): SqliteDatabase {
  if (url !== ":memory:" && !existsSync(dirname(url)))
    throw new CommandError(`The folder of the database ${url} does not exist.`);
  try {
    return open(url, { timeout: busyTimeout });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.includes("NODE_MODULE_VERSION")) throw new CommandError(builtForAnother);
    if (/bindings file|\.node\b/.test(reason)) throw new CommandError(notBuilt);
    throw new CommandError(`The database ${url} cannot be opened: ${reason}`);
  }
}

const notBuilt =
  "The package better-sqlite3 is installed but not built, since its install script did not run. Allow it with npm approve-scripts better-sqlite3 (or allowScripts in package.json), then npm rebuild better-sqlite3";

const builtForAnother = `The package better-sqlite3 was built for another version of Node than this, ${process.versions.node}: npm rebuild better-sqlite3`;

function withDriver(dialect: Dialect, driver: Driver): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
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
