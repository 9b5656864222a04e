import type { SessionRecord, TenantLimit } from "../backend.js";
import type { OpenConnection } from "./connection.js";
import { type IndexColumns, toRow } from "./record-row.js";
import { insert, isWritten } from "./writes.js";

/** Creates the record if its tenant has room; counting and creating are one transaction, one at a time for a tenant. */
export function createWithin(
  connection: OpenConnection,
  record: SessionRecord,
  limit: TenantLimit,
  columns: IndexColumns,
): Promise<boolean> {
  const { client, statements, dialect, table } = connection;
  const row = { ...toRow(record, columns, dialect), tenant: limit.tenant };
  return dialect.alone(client, `${table} ${limit.tenant}`, async (transaction) => {
    const within = { ...connection, client: transaction };
    // The write comes first: where it is what takes the lock, what is counted after it holds until the end.
    if (!(await insert(within, row))) return isWritten(within, record);
    if (limit.replaces !== undefined) return true;
    const { rows } = await transaction.executeQuery(statements.countLive(row));
    const [{ live } = {}] = rows;
    const excess = Number(live) - limit.max;
    if (excess > 0 && limit.onLimit === "refuse") {
      await transaction.executeQuery(statements.remove(row));
      return false;
    }
    if (excess > 0) await transaction.executeQuery(statements.removeOldest({ ...row, "row limit": excess }));
    return true;
  });
}
