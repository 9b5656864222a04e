import type { CompiledQuery, DatabaseConnection, QueryResult, SqliteDatabase, SqliteStatement } from "kysely";
import type { OpenDatabase, RunNow, Tables } from "./client.js";
import type { Row } from "./record-row.js";
import { SqlitePatience } from "./sqlite-patience.js";

/** What is used of better-sqlite3, whose calls have ended when they return. */
export interface SqliteFile extends SqliteDatabase {
  pragma(text: string): unknown;
  prepare(sql: string): SqliteFileStatement;
}

/** What a statement has changed. */
export interface SqliteResult {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}

/** A statement of better-sqlite3, prepared. */
export interface SqliteFileStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): SqliteResult;
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
  /** Has it give rows as lists of values. */
  raw(): this;
  columns(): readonly { readonly name: string }[];
}

/** A database over an open file. It has one connection, so that a statement has to keep out of another one's transaction. */
export function openSqlite(
  { Kysely, SqliteDialect, SqliteDriver }: typeof import("kysely"),
  file: SqliteFile,
): OpenDatabase {
  const patience = new SqlitePatience(file);
  const database = keepStatements(file, patience);
  /** How many have the connection or wait for it. */
  let users = 0;
  class CountingDriver extends SqliteDriver {
    override acquireConnection(): Promise<DatabaseConnection> {
      users += 1;
      return super.acquireConnection();
    }

    override releaseConnection(): Promise<void> {
      users -= 1;
      return super.releaseConnection();
    }
  }
  const dialect = new SqliteDialect({ database });
  dialect.createDriver = () => new CountingDriver({ database });
  const client = new Kysely<Tables>({ dialect });
  const execute = executing(file, patience);
  const runNow: RunNow = (statement) => (users === 0 ? execute(statement) : undefined);
  return {
    client,
    runNow,
    run: async (statement) => runNow(statement) ?? client.executeQuery(statement),
    close: async () => database.close(),
  };
}

interface Prepared {
  readonly statement: SqliteFileStatement;
  /** The columns of its rows. */
  readonly names: readonly string[];
}

/** Runs each statement as it was prepared at its first time. Objects are made here of rows, at half of what the driver takes for it. */
function executing(
  file: SqliteFile,
  patience: SqlitePatience,
): (statement: CompiledQuery<Row>) => QueryResult<Row> {
  const all = new Map<string, Prepared>();
  const preparedOf = (sql: string): Prepared => {
    const known = all.get(sql);
    if (known !== undefined) return known;
    const prepared = prepare(file, sql);
    all.set(sql, prepared);
    return prepared;
  };
  return ({ sql, parameters }) => {
    const { statement, names } = preparedOf(sql);
    if (!statement.reader) {
      return { rows: [], numAffectedRows: BigInt(patience.run(statement, parameters).changes) };
    }
    return { rows: statement.all(parameters).map((values) => toRow(names, values as readonly unknown[])) };
  };
}

function prepare(file: SqliteFile, sql: string): Prepared {
  const statement = file.prepare(sql);
  if (!statement.reader) return { statement, names: [] };
  return { statement: statement.raw(), names: statement.columns().map(({ name }) => name) };
}

function toRow(names: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at += 1) row[names[at] as string] = values[at];
  return row;
}

/** The few statements of the backend are parsed once, not at each call. */
function keepStatements(file: SqliteFile, patience: SqlitePatience): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const statement = file.prepare(sql);
    return {
      reader: statement.reader,
      all: (parameters) => statement.all(parameters),
      iterate: (parameters) => statement.iterate(parameters),
      run: (parameters) => patience.run(statement, parameters),
    };
  };
  return {
    close: () => file.close(),
    prepare: (sql) => {
      const statement = statements.get(sql) ?? prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}
