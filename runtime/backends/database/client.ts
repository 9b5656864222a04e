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

/** What differs between databases. */
export interface DatabaseDialect {
  /** Opens an own connection. */
  open(url: string): Promise<Kysely<Tables>>;
  readonly types: Readonly<
    Record<"text" | "integer" | "real" | "boolean" | "bytes", "text" | "integer" | "real" | "blob">
  >;
  /** Whether the error may come from a table or column that is not there. */
  mayBeMissing(error: unknown): boolean;
  /** The names of the table's columns; empty when there is no such table. */
  columnsOf(client: Kysely<Tables>, table: string, schema: string | undefined): Promise<readonly string[]>;
}

export function isKysely(client: DatabaseClient): client is DatabaseClient & Kysely<Tables> {
  return "selectFrom" in client && "insertInto" in client && "schema" in client;
}
