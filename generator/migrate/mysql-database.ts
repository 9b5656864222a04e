import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  type Migration,
  MysqlDialect,
  type MysqlPool,
  type QueryResult,
  type RootOperationNode,
  sql,
} from "kysely";
import { CommandError } from "../command.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseLocation } from "./location.js";
import type { MigrationDatabase } from "./migrator.js";

/** How long a connection may take to open, in milliseconds. */
const connectTimeout = 10_000;

/**
 * Opens a pool. MySQL cannot undo a change of a table, so each step is marked
 * when it starts, and one that was interrupted leaves out what it finds done when it is run again.
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
    resumable: (name, { up, down }): Migration => ({
      up: (db) => resume(db, { name, direction: "up" }, resumption, () => up(db)),
      ...(down && { down: (db) => resume(db, { name, direction: "down" }, resumption, () => down(db)) }),
    }),
    isBegun: async (db, name) => {
      await makeMarks(db);
      return await isMarked(db, { name, direction: "up" });
    },
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

interface Step {
  readonly name: string;
  readonly direction: "up" | "down";
}

/** The mark stays until the step goes the other way: when it is taken away, the migrator has noted the step. */
async function resume(
  db: Kysely<unknown>,
  { name, direction }: Step,
  resumption: Resumption,
  run: () => Promise<void>,
): Promise<void> {
  await makeMarks(db);
  const isBegun = await isMarked(db, { name, direction });
  await sql`replace into ${marks} (name, direction) values (${name}, ${direction})`.execute(db);
  resumption.isOn = isBegun;
  const before = resumption.statements;
  try {
    await run();
  } catch (error) {
    // What did nothing is not begun: a table that is in its way is another one's.
    const isUntouched = !isBegun && resumption.statements === before;
    if (isUntouched) await sql`delete from ${marks} where name = ${name}`.execute(db);
    throw error;
  } finally {
    resumption.isOn = false;
  }
}

const marks = sql.table("session_gen_migration_started");

async function makeMarks(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists ${marks}
    (name varchar(255) not null primary key, direction varchar(4) not null)`.execute(db);
}

async function isMarked(db: Kysely<unknown>, { name, direction }: Step): Promise<boolean> {
  const { rows } = await sql`
    select name from ${marks} where name = ${name} and direction = ${direction}`.execute(db);
  return rows.length > 0;
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
        if (!resumption.isOn || !isDone(error, query.query)) throw error;
        const nothing: QueryResult<R> = { rows: [] };
        return nothing;
      }
    },
    streamQuery: (query, chunkSize) => raw.streamQuery(query, chunkSize),
  };
}

/** A table that was renamed is no longer there; only such a statement takes that for its end. */
function isDone(error: unknown, query: RootOperationNode): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  const code = String(error.code);
  const isRenaming = query.kind === "AlterTableNode" && query.renameTo !== undefined;
  return done.has(code) || (isRenaming && code === "ER_NO_SUCH_TABLE");
}

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
