import type { CompiledQuery, DatabaseConnection, QueryResult, SqliteDatabase, SqliteStatement } from "kysely";
import type { OpenDatabase, Tables } from "./client.js";
import type { Row } from "./record-row.js";

/** What is used of better-sqlite3, whose calls have ended when they return. */
export interface SqliteFile extends SqliteDatabase {
  pragma(text: string): unknown;
}

/** A database over an open file. It has one connection, so that a statement has to keep out of another one's transaction. */
export function openSqlite(
  { Kysely, SqliteDialect, SqliteDriver }: typeof import("kysely"),
  file: SqliteFile,
): OpenDatabase {
  const database = keepStatements(file);
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
  return {
    client,
    run: async (statement) => (users === 0 ? execute(database, statement) : client.executeQuery(statement)),
    close: async () => database.close(),
  };
}

function execute(database: SqliteDatabase, { sql, parameters }: CompiledQuery<Row>): QueryResult<Row> {
  const statement = database.prepare(sql);
  // What it gives are rows of the columns that were selected; no type can tell.
  if (statement.reader) return { rows: statement.all(parameters) as Row[] };
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
}

/** The few statements of the backend are parsed once, not at each call. */
function keepStatements(database: SqliteDatabase): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}
