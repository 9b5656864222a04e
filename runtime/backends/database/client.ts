import type { CompiledQuery, Kysely, QueryResult } from "kysely";
import type { Row } from "./record-row.js";

/** A Kysely instance, whatever its tables. Described by what is used of it, since `Kysely<One>` is no `Kysely<Other>`. */
export interface DatabaseClient {
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  transaction(): { execute<T>(callback: (transaction: DatabaseClient) => Promise<T>): Promise<T> };
  withoutPlugins(): DatabaseClient;
  destroy(): Promise<void>;
}

/** Tables whose names and columns are options. */
export type Tables = Readonly<Record<string, Row>>;

export function isKysely(client: DatabaseClient): client is DatabaseClient & Kysely<Tables> {
  return "selectFrom" in client && "insertInto" in client && "schema" in client;
}
