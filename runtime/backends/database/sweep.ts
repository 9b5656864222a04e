import type { OpenConnection } from "./connection.js";
import type { DatabaseDialect } from "./dialect.js";

/** How a sweep leaves room for requests. */
interface Pace {
  /** At most so many rows go in one transaction. */
  readonly rows: number;
  /** After each it rests for so many times as long as that took, while there is patience left. */
  readonly rest: number;
}

/** A server shares its processors with the requests; in SQLite the process itself stands still for a transaction. */
function paceOf({ sweeping }: DatabaseDialect): Pace {
  return sweeping === "plain" ? { rows: 100, rest: 3 } : { rows: 250, rest: 1 };
}

/** How long it goes on when there is something to delete, in milliseconds: well within the usual deadline. */
const patience = 600;

/** Deletes up to `limit` rows, a few at a time; answers how many. It may stop before, but not before it has deleted any. */
export async function sweepInSteps(
  dialect: DatabaseDialect,
  limit: number,
  deleteSome: (size: number) => Promise<number>,
): Promise<number> {
  const { rows, rest } = paceOf(dialect);
  const begin = performance.now();
  for (let total = 0; ; ) {
    const size = Math.min(rows, limit - total);
    const start = performance.now();
    const deleted = await deleteSome(size);
    total += deleted;
    const end = performance.now();
    const left = begin + patience - end;
    if (deleted < size || total === limit || left < 0) return total;
    // A step that is slow must not rest past the deadline of the call.
    await new Promise((resolve) => setTimeout(resolve, Math.min(rest * (end - start), left)));
  }
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
