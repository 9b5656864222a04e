import type { SessionRecord, TenantLimit } from "../backend.js";
import type { OpenConnection } from "./connection.js";
import { type IndexColumns, toRow } from "./record-row.js";
import { hasChanged, isWritten } from "./writes.js";

/** Creates the record if its tenant has room; counting and creating are one transaction. */
export function createWithin(
  { client, statements }: OpenConnection,
  record: SessionRecord,
  limit: TenantLimit,
  columns: IndexColumns,
): Promise<boolean> {
  const row = { ...toRow(record, columns), tenant: limit.tenant };
  return client.transaction().execute(async (transaction) => {
    // The write comes first: it takes the lock, so that what is counted after it holds until the end.
    const created = await transaction.executeQuery(statements.insert(row));
    if (!hasChanged(created)) return isWritten({ client: transaction, statements }, record);
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
