import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import type { Connection, OpenConnection } from "./connection.js";
import { type IndexColumns, toRecord, toRow } from "./record-row.js";
import { hasChanged, hasRow } from "./writes.js";

/** `loadNow` and `saveNow` over a driver that is synchronous. */
export function createAtOnce(
  useNow: Connection["useNow"],
  columns: IndexColumns,
): Pick<SessionBackend, "loadNow" | "saveNow"> {
  return {
    loadNow: (id) => useNow((connection) => load(connection, id, columns)),
    saveNow: (record) => useNow((connection) => save(connection, record, columns)),
  };
}

function load(
  { runNow, statements, dialect }: OpenConnection,
  id: string,
  columns: IndexColumns,
): SessionRecord | null | undefined {
  const found = runNow?.(statements.selectSome([id]));
  if (found === undefined) return undefined;
  const [row] = found.rows;
  return row === undefined ? null : toRecord(row, columns, dialect);
}

function save(
  { runNow, statements, dialect }: OpenConnection,
  record: SessionRecord,
  columns: IndexColumns,
): boolean | undefined {
  const row = toRow(record, columns, dialect);
  const result = runNow?.(statements.update(row));
  if (result === undefined) return undefined;
  if (hasChanged(result)) return true;
  // Somebody else's write, or this very one, whose answer was lost.
  const written = runNow?.(statements.isWritten(row));
  return written && hasRow(written);
}
