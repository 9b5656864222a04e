import type { QueryResult } from "kysely";
import type { CallOptions, SessionRecord } from "../../types/backend.js";
import type { OpenConnection } from "./connection.js";
import { type IndexColumns, type Row, toRow } from "./record-row.js";

/** Adds the record, in one statement. */
export async function create(
  on: OpenConnection,
  record: SessionRecord,
  columns: IndexColumns,
): Promise<boolean> {
  return (await insert(on, toRow(record, columns, on.dialect))) || isWritten(on, record);
}

/** Compares and swaps, in one statement. */
export async function save(
  on: OpenConnection,
  record: SessionRecord,
  { columns, options }: { readonly columns: IndexColumns; readonly options: CallOptions | undefined },
): Promise<boolean> {
  const row = toRow(record, columns, on.dialect);
  const { update, updateInTime } = on.statements;
  const result = await on.run(options?.keepsExpiry ? updateInTime(row) : update(row));
  return hasChanged(result) || isWritten(on, record);
}

/** Moves the expiry, in one statement. */
export async function touch(
  on: OpenConnection,
  id: string,
  revision: number,
  expiresAt: number,
): Promise<boolean> {
  const row = { id, revision, expires_at: expiresAt };
  if (hasChanged(await on.run(on.statements.touch(row)))) return true;
  // MySQL can be told to count only rows that are another than before.
  return hasRow(await on.run(on.statements.isTouched(row)));
}

/** Inserts a row; `false` when its id is taken. */
export async function insert({ run, statements, dialect }: OpenConnection, row: Row): Promise<boolean> {
  try {
    return hasChanged(await run(statements.insert(row)));
  } catch (error) {
    // Another unique key, which only the app can have made, is no id.
    if (dialect.isTaken(error) && hasRow(await run(statements.exists(row)))) return false;
    throw error;
  }
}

/** Whether this very write is the record's last one: its answer was lost, and it came again. */
export async function isWritten(on: OpenConnection, record: SessionRecord): Promise<boolean> {
  const { id, revision, writeId } = record;
  return hasRow(await on.run(on.statements.isWritten({ id, revision, write_id: writeId })));
}

/** Whether a statement changed a row. */
export function hasChanged({ numAffectedRows }: QueryResult<unknown>): boolean {
  return numAffectedRows !== undefined && numAffectedRows > 0n;
}

/** Whether a statement found a row. */
export function hasRow({ rows }: QueryResult<unknown>): boolean {
  return rows.length > 0;
}
