import type { Kysely, RawBuilder, SelectQueryBuilder, Sql, SqlBool } from "kysely";
import type { EnvReference } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";
import type { OpenDatabase, Tables } from "./client.js";

/** What a column is for. `key`: short text that is ordered and compared byte by byte, and can be indexed. */
export type ColumnUse = "key" | "text" | "integer" | "real" | "boolean" | "bytes";

/** Rows of the table, ordered and limited. */
export type Selection = SelectQueryBuilder<Tables, string, object>;

/** All that differs between databases. */
export interface DatabaseDialect {
  /** Opens an own connection, or pool. */
  open(url: string | EnvReference): Promise<OpenDatabase>;
  /** Whether a call of the driver has ended when it returns, so that nobody waits for anything. */
  readonly isSynchronous?: true;
  /** For how many records at most one statement looks: those that are asked for in one turn of the event loop go together. */
  readonly mostTogether: number;
  /** The type of a column, in SQL. */
  readonly types: Readonly<Record<ColumnUse, string>>;
  /** Whether a parameter for a column of booleans is one; else it is 0 or 1. */
  readonly hasBooleans: boolean;
  /** How many bytes a key can have. */
  readonly longestKey: number;
  /** Text as a parameter carries it. Every other value goes as it is. */
  toStored(text: string): unknown;
  /** How the column `text` is selected, where a connection could make something else of it. */
  readText?(sql: Sql): RawBuilder<unknown>;
  /** The text that `toStored` was given. */
  fromStored(stored: unknown): string;
  /** Whether an insert can say to change nothing when the id is taken. Else it fails, and `isTaken` knows that error. */
  readonly hasOnConflict: boolean;
  isTaken(error: unknown): boolean;
  /** Whether `create index` can say `if not exists`. */
  readonly hasIndexIfNotExists: boolean;
  /** Whether a row's id is one of these, which are read once. */
  isAmong(rows: Selection, sql: Sql): RawBuilder<SqlBool>;
  /**
   * How expired rows are swept: by a plain statement, by one that skips rows which somebody is writing, or by one
   * that locks the others and a second one that deletes them.
   */
  readonly sweeping: "plain" | "skip locked" | "lock first";
  /**
   * A transaction that no other one of this name runs beside, and that sees what those before it did. Rejects with
   * `SessionError` `"conflict"` when its turn does not come: the database is up, and others are served.
   */
  alone<T>(
    client: Kysely<Tables>,
    name: string,
    work: (transaction: Kysely<Tables>) => Promise<T>,
  ): Promise<T>;
  /** Whether the statement was undone for the sake of another one, and may be tried again. */
  isTransient(error: unknown): boolean;
  /** Whether the error may come from a table or column that is not there. */
  mayBeMissing(error: unknown): boolean;
  /** Whether a column does not take what is written, or compared: somebody gave it another type. */
  isMistyped(error: unknown): boolean;
  /** The names of the table's columns; empty when there is no such table. */
  columnsOf(client: Kysely<Tables>, table: string, schema: string | undefined): Promise<readonly string[]>;
  /** The error without parameters and payloads. */
  toCause(error: unknown): unknown;
}

/** How long a transaction waits for its turn, in seconds: as long as the default deadline. */
export const turnTimeout = 2;

/** The error of a transaction whose turn did not come. */
export function outOfTurn(): SessionError {
  return new SessionError("conflict", "Too many sessions of one tenant are created at once. Try again.");
}

/** Whether the error carries one of these codes, as drivers give them. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
