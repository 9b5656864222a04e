import type { CompiledQuery, Kysely, QueryResult } from "kysely";
import type { Row } from "./record-row.js";

/** A Kysely instance, whatever its tables. Described by what is used of it, since `Kysely<One>` is no `Kysely<Other>`. */
export interface DatabaseClient {
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  transaction(): { execute<T>(callback: (transaction: DatabaseClient) => Promise<T>): Promise<T> };
  withoutPlugins(): DatabaseClient;
  destroy(): Promise<void>;
}

/** Runs one statement by itself, outside of any transaction. */
export type RunStatement = (statement: CompiledQuery<Row>) => Promise<QueryResult<Row>>;

/** The same at once; `undefined`, running nothing, while somebody else has the connection. */
export type RunNow = (statement: CompiledQuery<Row>) => QueryResult<Row> | undefined;

/** A database, and the shortest way there. */
export interface OpenDatabase {
  readonly client: Kysely<Tables>;
  /** For the few statements that requests are made of: where the connection is ours, past Kysely and prepared by the driver. */
  readonly run: RunStatement;
  /** Where the connection is ours and its driver synchronous. */
  readonly runNow?: RunNow | undefined;
  /** Closes what was opened here. */
  close(): Promise<void>;
}

/** Tables whose names and columns are options. */
export type Tables = Readonly<Record<string, Row>>;

/** Whether a client is a whole Kysely, by the methods that are used of it. */
export function isKysely(client: DatabaseClient): client is DatabaseClient & Kysely<Tables> {
  return "selectFrom" in client && "insertInto" in client && "schema" in client;
}
