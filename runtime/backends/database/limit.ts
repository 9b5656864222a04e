import { SessionError } from "../../platform/errors.js";
import type { KeyedQueue } from "../../platform/keyed-queue.js";
import type { SessionRecord, TenantLimit } from "../../types/backend.js";
import type { Evictions } from "../evictions.js";
import type { OpenConnection } from "./connection.js";
import { type IndexColumns, type Row, toRecord, toRow } from "./record-row.js";
import { hasChanged, insert, isWritten } from "./writes.js";

/** What a tenant's limit has to know of the table, and whom it tells. */
export interface LimitedTable {
  readonly columns: IndexColumns;
  readonly evictions: Evictions;
  /** Who waits for a tenant's turn in this process: no more than one of them takes a connection. */
  readonly turns: KeyedQueue;
}

/** The same for one creation. */
export interface LimitedCreation extends LimitedTable {
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal | undefined;
}

/** Creates the record if its tenant has room; counting and creating are one transaction, one at a time for a tenant. */
export function createWithin(
  connection: OpenConnection,
  record: SessionRecord,
  limit: TenantLimit,
  creation: LimitedCreation,
): Promise<boolean> {
  return creation.turns.run(limit.tenant, () => createInTurn(connection, record, limit, creation));
}

async function createInTurn(
  connection: OpenConnection,
  record: SessionRecord,
  limit: TenantLimit,
  { columns, evictions, signal }: LimitedCreation,
): Promise<boolean> {
  const assertWanted = (): void => {
    // It would take room that nobody has the key of.
    if (signal?.aborted === true) throw late();
  };
  assertWanted();
  const { client, dialect, table } = connection;
  const row = { ...toRow(record, columns, dialect), tenant: limit.tenant };
  const { isCreated, evicted } = await dialect.alone(
    client,
    `${table} ${limit.tenant}`,
    async (transaction): Promise<Creation> => {
      assertWanted();
      const within: OpenConnection = {
        ...connection,
        client: transaction,
        run: (statement) => transaction.executeQuery(statement),
      };
      // The write comes first: where it is what takes the lock, what is counted after it holds until the end.
      if (!(await insert(within, row))) return { isCreated: await isWritten(within, record), evicted: [] };
      if (limit.replaces !== undefined) return { isCreated: true, evicted: [] };
      return makeRoom(within, row, limit);
    },
  );
  // Not before it is certain.
  for (const one of evicted) evictions.tell(toRecord(one, columns, dialect));
  return isCreated;
}

function late(): SessionError {
  return new SessionError("timeout", "The tenant's turn came after the deadline; nothing was changed.");
}

interface Creation {
  readonly isCreated: boolean;
  readonly evicted: readonly Row[];
}

async function makeRoom(
  { run, statements }: OpenConnection,
  row: Row,
  { max, onLimit }: TenantLimit,
): Promise<Creation> {
  const [{ live } = {}] = (await run(statements.countLive(row))).rows;
  const excess = Number(live) - max;
  if (excess <= 0) return { isCreated: true, evicted: [] };
  if (onLimit === "refuse") {
    await run(statements.remove(row));
    return { isCreated: false, evicted: [] };
  }
  const evicted: Row[] = [];
  for (const oldest of (await run(statements.listOldest({ ...row, "row limit": excess }))).rows) {
    if (hasChanged(await run(statements.remove(oldest)))) evicted.push(oldest);
  }
  return { isCreated: true, evicted };
}
