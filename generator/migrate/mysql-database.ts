import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  MysqlDialect,
  type MysqlPool,
  type QueryResult,
  sql,
} from "kysely";
import { CommandError } from "../command.js";
import { markBegun, readBegun, unmarkBegun } from "./begun-steps.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseLocation } from "./location.js";
import type { BegunStep, MigrationDatabase } from "./migration-database.js";

/** How long a connection may take to open, in milliseconds. */
const connectTimeout = 10_000;

/**
 * Opens a pool. MySQL cannot undo a change of a table, so each step is marked when it starts, and one that was
 * interrupted leaves out what it finds done when it is run again, or undone.
 */
export function openMysql({ url, projectFolder }: DatabaseLocation): MigrationDatabase {
  const driver = loadDriver(projectFolder, { name: "mysql2", dialect: "mysql" });
  if (!isMysql(driver)) throw new CommandError("The package mysql2 is not what it should be.");
  const pool = driver.createPool({ uri: url, connectionLimit: 2, connectTimeout });
  const dialect = new MysqlDialect({ pool });
  const resumption = { isOn: false, statements: 0 };
  const tolerant = tolerantDriver(dialect.createDriver(), resumption);
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => tolerant,
    },
  });
  return {
    db,
    dialect: "mysql",
    undoesSteps: false,
    exclusively: (work) => db.connection().execute((connection) => whileLocked(connection, work)),
    readBegun,
    runStep: (db, step) => resume(db, step, resumption),
  };
}

/** How long another process's step is waited for, in seconds. */
const lockTimeout = 3600;

/** The lock is the connection's: when its process is gone, so is the lock. Each database has its own. */
async function whileLocked<T>(db: Kysely<unknown>, work: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const name = sql`sha1(concat(coalesce(database(), ''), '.session_gen_migration'))`;
  const { rows } = await sql<{ locked: unknown }>`select get_lock(${name}, ${lockTimeout}) as locked`.execute(
    db,
  );
  if (Number(rows[0]?.locked) !== 1)
    throw new CommandError(
      "Another process has been migrating this database for an hour. Try again when it has ended.",
      1,
    );
  try {
    return await work(db);
  } finally {
    await sql`select release_lock(${name})`.execute(db).catch(() => {});
  }
}

interface Resumption {
  /** Whether the step that is running was begun before. */
  isOn: boolean;
  /** How many statements have succeeded. */
  statements: number;
}

/** Runs a step, which leaves out what it finds done when it was begun before, in whichever direction. */
async function resume(db: Kysely<unknown>, step: BegunStep, resumption: Resumption): Promise<void> {
  const { name, isBegun, run, note } = step;
  if (!isBegun) await markBegun(db, name);
  resumption.isOn = isBegun;
  const before = resumption.statements;
  try {
    await run();
  } catch (error) {
    // What did nothing is not begun: a table that is in its way is another one's.
    const isUntouched = !isBegun && resumption.statements === before;
    if (isUntouched) await unmarkBegun(db, name);
    throw error;
  } finally {
    resumption.isOn = false;
  }
  await note();
  await unmarkBegun(db, name);
}

/** That a table, column or index is there already, or no longer. */
const done = new Set([
  "ER_TABLE_EXISTS_ERROR",
  "ER_DUP_FIELDNAME",
  "ER_DUP_KEYNAME",
  "ER_CANT_DROP_FIELD_OR_KEY",
  "ER_BAD_TABLE_ERROR",
]);

function tolerantDriver(driver: Driver, resumption: Resumption): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const rawOf = (connection: DatabaseConnection): DatabaseConnection => inner.get(connection) ?? connection;
  return {
    init: () => driver.init(),
    acquireConnection: async () => {
      const raw = await driver.acquireConnection();
      const connection = tolerantConnection(raw, resumption);
      inner.set(connection, raw);
      return connection;
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(rawOf(connection), settings),
    commitTransaction: (connection) => driver.commitTransaction(rawOf(connection)),
    rollbackTransaction: (connection) => driver.rollbackTransaction(rawOf(connection)),
    releaseConnection: (connection) => driver.releaseConnection(rawOf(connection)),
    destroy: () => driver.destroy(),
  };
}

function tolerantConnection(raw: DatabaseConnection, resumption: Resumption): DatabaseConnection {
  return {
    executeQuery: async <R>(query: Parameters<DatabaseConnection["executeQuery"]>[0]) => {
      try {
        const result = await raw.executeQuery<R>(query);
        resumption.statements += 1;
        return result;
      } catch (error) {
        if (!resumption.isOn || !isDone(error, query.sql)) throw error;
        const nothing: QueryResult<R> = { rows: [] };
        return nothing;
      }
    },
    streamQuery: (query, chunkSize) => raw.streamQuery(query, chunkSize),
  };
}

/** A table that was renamed is no longer there; only such a statement takes that for its end. */
function isDone(error: unknown, statement: string): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  const code = String(error.code);
  return done.has(code) || (code === "ER_NO_SUCH_TABLE" && renaming.test(statement));
}

const renaming = /^\s*(?:rename\s+table\s|alter\s+table\s.*\srename\s+(?:to|as)\s)/is;

interface Mysql2 {
  createPool(options: {
    readonly uri: string;
    readonly connectionLimit: number;
    readonly connectTimeout: number;
  }): MysqlPool;
}

function isMysql(driver: unknown): driver is Mysql2 {
  return (
    typeof driver === "object" &&
    driver !== null &&
    "createPool" in driver &&
    typeof driver.createPool === "function"
  );
}
