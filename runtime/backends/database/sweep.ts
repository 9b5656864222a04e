import type { OpenConnection } from "./connection.js";
import type { DatabaseDialect } from "./dialect.js";

/** At most so many rows go in one transaction: fewer on a server, where the next request comes in between. */
export function sweepSize({ sweeping }: DatabaseDialect): number {
  return sweeping === "plain" ? 1000 : 250;
}

/** Deletes expired rows, at most so many, in one transaction; answers how many. */
export async function deleteExpired(
  { client, statements, dialect, table }: OpenConnection,
  now: number,
  limit: number,
): Promise<number> {
  const row = { expires_at: now, "row limit": limit };
  if (dialect.sweeping !== "lock first") {
    const { numAffectedRows } = await client.executeQuery(statements.sweep(row));
    return Number(numAffectedRows ?? 0);
  }
  return await client.transaction().execute(async (transaction) => {
    const { rows } = await transaction.executeQuery(statements.lockExpired(row));
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    const deletion = transaction.deleteFrom(table).where("id", "in", ids).where("expires_at", "<=", now);
    const { numDeletedRows } = await deletion.executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  });
}
