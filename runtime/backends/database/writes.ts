import type { QueryResult } from "kysely";
import type { SessionRecord } from "../backend.js";
import type { DatabaseClient } from "./client.js";
import { type IndexColumns, toRow } from "./record-row.js";
import type { Statements } from "./statements.js";

/** A connection, or a transaction on it. */
export interface Executor {
  readonly client: DatabaseClient;
  readonly statements: Statements;
}

/** Adds the record, in one statement. */
export async function create(on: Executor, record: SessionRecord, columns: IndexColumns): Promise<boolean> {
  const result = await on.client.executeQuery(on.statements.insert(toRow(record, columns)));
  return hasChanged(result) || isWritten(on, record);
}

/** Compares and swaps, in one statement. */
export async function save(on: Executor, record: SessionRecord, columns: IndexColumns): Promise<boolean> {
  const row = { ...toRow(record, columns), "previous revision": record.revision - 1 };
  const result = await on.client.executeQuery(on.statements.update(row));
  return hasChanged(result) || isWritten(on, record);
}

/** Whether this very write is the record's last one: its answer was lost, and it came again. */
export async function isWritten(on: Executor, record: SessionRecord): Promise<boolean> {
  const { id, revision, writeId } = record;
  const { rows } = await on.client.executeQuery(on.statements.isWritten({ id, revision, write_id: writeId }));
  return rows.length > 0;
}

/** Whether a statement changed a row. */
export function hasChanged({ numAffectedRows }: QueryResult<unknown>): boolean {
  return numAffectedRows !== undefined && numAffectedRows > 0n;
}
