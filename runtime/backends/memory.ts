import { SessionError } from "../platform/errors.js";
import { assertTypes, callable, wholeNumber } from "../platform/options.js";
import type {
  BackendAbilities,
  Findable,
  Limited,
  Listable,
  Scannable,
  SessionBackend,
  SessionRecord,
  Sweepable,
  TenantLimit,
} from "../types/backend.js";
import { createEvictions } from "./evictions.js";
import { Collector } from "./memory/collector.js";
import type { KeptRecord } from "./memory/kept-record.js";
import { RecordTable } from "./memory/record-table.js";

/** Options of `createMemoryBackend`. */
export interface MemoryBackendOptions {
  /** How many sessions are kept; 100,000 when left out. */
  readonly maxSessions?: number;
  /** Epoch milliseconds; `Date.now` when left out. Decides only when expired records are thrown away. */
  readonly clock?: () => number;
}

/** Memory can do everything. */
export interface MemoryAbilities extends BackendAbilities {
  readonly find: Findable;
  readonly list: Listable;
  readonly scan: Scannable;
  readonly sweep: Sweepable;
  readonly limit: Limited;
}

/**
 * Keeps sessions in this process; they end with it. One instance may serve several `Sessions`.
 *
 * A record is given as it is kept, the same one until it is written again: neither it nor its bytes may be changed.
 *
 * When `maxSessions` is reached, expired records go first, as far as they are found within about a millisecond, then the one
 * that was not created, saved or touched for longest: its user is the one least likely to come back. An active user is safe as long as more sessions
 * fit than are created within `touchAfter`. Not the one nearest to its expiry: a session that is being rotated,
 * or an administrator's with a short idle time, would go before abandoned ones.
 */
export function createMemoryBackend(options: MemoryBackendOptions = {}): SessionBackend<MemoryAbilities> {
  assertTypes("createMemoryBackend", options, { maxSessions: wholeNumber, clock: callable });
  const { clock = Date.now, maxSessions = 100_000 } = options;
  const table = new RecordTable();
  const evictions = createEvictions();
  const evict = (kept: KeptRecord | undefined): void => {
    if (kept !== undefined && table.remove(kept.id)) evictions.tell(kept.read());
  };
  const collector = new Collector(table, clock);
  const opened = (): RecordTable => {
    if (!collector.isClosed) return table;
    throw new SessionError("unavailable", "The memory backend is closed.");
  };

  const create = (record: SessionRecord): boolean => {
    const existing = opened().get(record.id);
    if (existing !== undefined) return isSameWrite(existing, record);
    if (table.size >= maxSessions && table.removeExpired(clock(), 1000).removed === 0)
      evict(table.longestUnwritten());
    return collector.put(record);
  };

  const loadNow = (id: string): SessionRecord | null => opened().get(id)?.load() ?? null;

  const saveNow = (record: SessionRecord): boolean => {
    const existing = opened().get(record.id);
    if (existing?.revision === record.revision - 1) return collector.put(record);
    return isSameWrite(existing, record);
  };

  return {
    atomicity: "store",
    place: "memory",
    isInProcess: true,
    create: async (record) => create(record),
    load: async (id) => loadNow(id),
    loadNow,
    save: async (record, options) => {
      const { expiresAt } = (options?.keepsExpiry && opened().get(record.id)) || record;
      return saveNow(expiresAt === record.expiresAt ? record : { ...record, expiresAt });
    },
    saveNow,
    touch: async (id, revision, expiresAt) => {
      const existing = opened().get(id);
      return existing?.revision === revision && collector.put({ ...existing.read(), expiresAt });
    },
    delete: async (id) => opened().remove(id),
    exists: async (id) => opened().get(id) !== undefined,
    onEviction: evictions.onEviction,
    close: async () => collector.close(),
    abilities: createAbilities(opened, create, evict),
  };
}

function createAbilities(
  opened: () => RecordTable,
  create: (record: SessionRecord) => boolean,
  evict: (kept: KeptRecord) => void,
): MemoryAbilities {
  return {
    find: { find: async (query) => opened().find(query.field, query.value, query) },
    list: { list: async (query) => opened().ofTenant(query.tenant, query) },
    scan: { scan: async (query) => opened().all(query) },
    sweep: createSweep(opened),
    limit: {
      createWithin: async (record, limit) => {
        const isTaken = opened().get(record.id) !== undefined;
        return (isTaken || makeRoom(opened(), record, { ...limit, evict })) && create(record);
      },
    },
  };
}

function createSweep(opened: () => RecordTable): Sweepable {
  let isMidway = false;
  return {
    isMidway: () => isMidway,
    async deleteExpired(now, limit) {
      const { removed, isAll } = opened().removeExpired(now, Math.min(limit, sweptAtOnce));
      isMidway = !isAll;
      return removed;
    },
  };
}

function isSameWrite(existing: KeptRecord | undefined, record: SessionRecord): boolean {
  return existing?.revision === record.revision && existing.read().writeId === record.writeId;
}

/**
 * Whether the tenant has room for the record, once its oldest sessions have gone if they may. What is over by the creator's
 * clock takes none, though nobody has thrown it away yet.
 */
function makeRoom(
  table: RecordTable,
  record: SessionRecord,
  { evict, ...limit }: TenantLimit & { readonly evict: (oldest: KeptRecord) => void },
): boolean {
  if (limit.replaces !== undefined) return true;
  const room = { max: limit.max, now: record.createdAt };
  for (;;) {
    const oldest = table.oldestOfFull(limit.tenant, room);
    if (oldest === undefined) return true;
    if (limit.onLimit === "refuse") return false;
    evict(oldest);
  }
}

/** What takes about a millisecond, in which no request is served. */
const sweptAtOnce = 250;
