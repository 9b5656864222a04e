import type { EnvReference } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";
import { importPeer } from "../../platform/peer.js";
import { type DatabaseClient, isKysely, type OpenDatabase } from "./client.js";
import type { DatabaseDialect } from "./dialect.js";
import { type IndexColumns, recordColumns } from "./record-row.js";
import { compileStatements, type Statements } from "./statements.js";

/** Which table of which database it is. */
export interface ConnectionOptions {
  readonly dialect: DatabaseDialect;
  readonly url: string | EnvReference;
  readonly kysely: DatabaseClient | undefined;
  readonly schema: string | undefined;
  readonly table: string;
  /** What it was called before, while the step that renames it may still be to come. */
  readonly formerTables: readonly string[];
  readonly columns: IndexColumns;
}

type Work<T> = (connection: OpenConnection) => Promise<T>;

/** What is open, or a transaction on it. */
export interface OpenConnection extends OpenDatabase {
  readonly dialect: DatabaseDialect;
  readonly table: string;
  readonly statements: Statements;
}

/** A connection that opens at its first use, and again at the next one when that failed. */
export interface Connection {
  /**
   * Works with the database; again when it undid the work for the sake of another one's. What it throws is a
   * `SessionError` without parameters: `"config"` for what a migration mends, else `"unavailable"`.
   */
  use<T>(work: Work<T>): Promise<T>;
  /**
   * Works with the database at once; `undefined` when it is not open, or something may be missing there: `use` finds out. Throws
   * what `use` would reject with.
   */
  useNow<T>(work: (connection: OpenConnection) => T): T | undefined;
  /** Closes what was opened here; later calls reject. */
  close(): Promise<void>;
}

/** A connection that nothing has been done for yet. */
export function createConnection(options: ConnectionOptions): Connection {
  let current: OpenConnection | undefined;
  let opening: Promise<OpenConnection> | undefined;
  let isClosed = false;

  const open = async (): Promise<OpenConnection> => {
    opening ??= openConnection(options);
    try {
      current = await opening;
      return current;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };

  const moved = async (error: unknown, connection: OpenConnection): Promise<OpenConnection | undefined> => {
    if (options.formerTables.length === 0 || !options.dialect.mayBeMissing(error)) return undefined;
    const found = await findTable(connection, options);
    if (found === undefined || found === connection.table) return undefined;
    current = await onTable(connection, found, options);
    opening = Promise.resolve(current);
    return current;
  };

  const rescue = async <T>(error: unknown, work: Work<T>, connection: OpenConnection): Promise<T> => {
    try {
      return await again(error, work, connection).catch(async (last: unknown) => {
        const other = await moved(last, connection);
        if (other === undefined) throw last;
        return await work(other).catch((first: unknown) => again(first, work, other));
      });
    } catch (last) {
      throw last instanceof SessionError ? last : await toSessionError(last, connection, options);
    }
  };

  const perform = <T>(work: Work<T>, connection: OpenConnection): Promise<T> =>
    work(connection).catch((error: unknown) => rescue(error, work, connection));

  return {
    use: (work) => {
      if (isClosed) return Promise.reject(new SessionError("unavailable", "The database backend is closed."));
      return current === undefined
        ? open().then((connection) => perform(work, connection))
        : perform(work, current);
    },
    useNow: (work) => {
      if (isClosed || current === undefined) return undefined;
      try {
        return work(current);
      } catch (error) {
        if (error instanceof SessionError) throw error;
        if (options.dialect.mayBeMissing(error)) return undefined;
        throw toFailure(error, options);
      }
    },
    close: async () => {
      isClosed = true;
      const connection = await opening?.catch(() => undefined);
      await connection?.close();
    },
  };
}

async function openConnection(options: ConnectionOptions): Promise<OpenConnection> {
  const { dialect, url, kysely, schema, table } = options;
  await importKysely();
  const opened = kysely === undefined ? await dialect.open(url) : toDatabase(kysely);
  const client = schema === undefined ? opened.client : opened.client.withSchema(schema);
  return await onTable({ ...opened, client }, table, options);
}

function importKysely(): Promise<typeof import("kysely")> {
  return importPeer({ name: "kysely", option: "database()", load: () => import("kysely") });
}

async function onTable(
  { client, run, runNow, close }: OpenDatabase,
  table: string,
  { dialect, columns }: ConnectionOptions,
): Promise<OpenConnection> {
  const { sql } = await importKysely();
  const statements = compileStatements({ client, table, columns, dialect, sql });
  return { client, run, runNow, close, dialect, table, statements };
}

/** Under which of its names the table is; `undefined` when under none, or nobody can tell. */
async function findTable(
  { client }: OpenConnection,
  { dialect, table, formerTables, schema }: ConnectionOptions,
): Promise<string | undefined> {
  for (const name of [table, ...formerTables]) {
    const present = await dialect.columnsOf(client, name, schema).catch(() => []);
    if (present.length > 0) return name;
  }
  return undefined;
}

/** A deadlock or serialization failure ends one of those that met; with pauses that grow and differ, all get through. */
async function again<T>(failure: unknown, work: Work<T>, connection: OpenConnection): Promise<T> {
  let error = failure;
  for (let attempt = 1; attempt < mostAttempts; attempt++) {
    if (!connection.dialect.isTransient(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** attempt));
    try {
      return await work(connection);
    } catch (next) {
      error = next;
    }
  }
  throw error;
}

/** With pauses of at most a second in all. */
const mostAttempts = 9;

/** Without plug-ins: one that renames columns or changes results would not know ours. */
function toDatabase(app: DatabaseClient): OpenDatabase {
  const client = app.withoutPlugins();
  if (isKysely(client))
    return { client, run: (statement) => client.executeQuery(statement), close: async () => {} };
  throw new SessionError("config", "The option kysely must be an instance of Kysely.");
}

async function toSessionError(
  error: unknown,
  { client }: OpenConnection,
  options: ConnectionOptions,
): Promise<SessionError> {
  const { dialect, table, schema, columns } = options;
  const failed = toFailure(error, options);
  if (!dialect.mayBeMissing(error)) return failed;
  const present = await dialect.columnsOf(client, table, schema).catch(() => undefined);
  if (present === undefined) return failed;
  const wanted = [...recordColumns, ...Object.values(columns).map(({ column }) => column)];
  const missing = wanted.filter((column) => !present.includes(column));
  if (missing.length === 0) return failed;
  const what =
    present.length === 0 ? `no table ${table}` : `no column ${missing.join(", ")} in the table ${table}`;
  const { cause } = failed;
  return new SessionError("config", `The database has ${what}. Run: session-gen migrate up`, { cause });
}

/** As far as an error tells by itself what is wrong. */
function toFailure(error: unknown, { dialect, table }: ConnectionOptions): SessionError {
  const cause = dialect.toCause(error);
  const why = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
  if (dialect.isMistyped(error)) return mistyped(table, why, cause);
  return new SessionError("unavailable", `The database failed on the table ${table}${why}.`, { cause });
}

function mistyped(table: string, why: string, cause: unknown): SessionError {
  const advice = "Compare it with what this prints, and correct it: session-gen migrate sql";
  return new SessionError(
    "config",
    `A column of the table ${table} has another type than the migrations give it${why}. ${advice}`,
    { cause },
  );
}
