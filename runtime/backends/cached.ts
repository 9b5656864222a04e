import { type Duration, toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { assertTypes, callable, duration, logger, type OptionTypes } from "../platform/options.js";
import { createWarner } from "../platform/warner.js";
import type { SessionLogger } from "../session-kind.js";
import type { BackendAbilities, CallOptions, SessionBackend, SessionRecord } from "../types/backend.js";
import { anyBackend } from "./any-backend.js";
import { CacheSide } from "./cached/cache-side.js";
import { Doubts } from "./cached/doubts.js";
import { passOnEvictions, passOnMidway } from "./layer.js";

/** Options of `createCachedBackend`. */
export interface CachedBackendOptions<A extends BackendAbilities> {
  /** Answers most reads. May forget, fail or freeze at any time. Nothing else may write where it keeps its records. */
  readonly cache: SessionBackend;
  /** Where the sessions are. */
  readonly store: SessionBackend<A>;
  /** How long a call of the store may take; an entry of the cache is believed for twice as long. `"2s"` when left out. */
  readonly deadline?: Duration | undefined;
  /** How long the cache may take; a twentieth of the deadline when left out. */
  readonly cacheDeadline?: Duration | undefined;
  /** `console` when left out. */
  readonly logger?: SessionLogger | undefined;
  /** Epoch milliseconds; `Date.now` when left out. Processes that share a cache should agree on it. */
  readonly clock?: (() => number) | undefined;
}

const types: OptionTypes<CachedBackendOptions<BackendAbilities>> = {
  ...{ cache: anyBackend, store: anyBackend, deadline: duration, cacheDeadline: duration },
  ...{ logger, clock: callable },
};

/**
 * A cache in front of a store, by the rules of Django's `cached_db`. What the store can do, this can do; what it
 * has acknowledged is what counts. A cache that fails is warned of once a minute, left alone for a second, and noticed by nobody
 * else: no request waits for it longer than `cacheDeadline`.
 *
 * **A stale write never.** Every write is the store's own compare-and-swap; the cache is told afterwards. A write
 * that is based on a stale entry is refused, and from then on this process does not believe any entry about that id
 * which is as old as the refusal: the reload that follows reads the store, and so does every read after a write of
 * which the cache could not be told. Whether a record exists is always asked of the store.
 *
 * **A stale read for at most twice the deadline**, in whichever process. An entry carries the time at which the store was
 * asked, before it was; it shows what was true then or later, and is believed until twice the deadline after it.
 * So nothing that happens afterwards can make a read staler than that: no writer killed between store and cache, no
 * cache that could not be reached from one process, no tombstone evicted, no reader that was paused and refills
 * late. All of that only makes use of the bound; it does not extend it. An entry from a clock that is ahead is not believed.
 * In ordinary running staleness is a matter of the moment between the answer of the store and that of the cache:
 * a writer replaces the entry by compare-and-swap, where a newer revision beats an older one; a reader's refill only
 * replaces what it saw before it asked the store; a deletion leaves a tombstone in force for twice the deadline, over which
 * no refill and no write goes. What the store removes by itself (a sweep by another process, the oldest
 * session of a full tenant) is read for no longer than that either.
 *
 * Entries expire with that bound or with their record, whichever is first, so a cache holds what is in use, not every session.
 */
export function createCachedBackend<A extends BackendAbilities>(
  options: CachedBackendOptions<A>,
): SessionBackend<A>;
export function createCachedBackend(options: CachedBackendOptions<BackendAbilities>): SessionBackend {
  assertTypes("createCachedBackend", options, types);
  const { cache, store, clock = Date.now } = options;
  assertApart(cache, store);
  const cached = createCachedCalls(options, clock);
  return {
    atomicity: store.atomicity,
    ...(cache.place !== undefined &&
      store.place !== undefined && { place: JSON.stringify(["cached", cache.place, store.place]) }),
    abilities: cachedAbilities(store.abilities, cached),
    create: (record, call) => cached.write(record, () => store.create(record, call)),
    load: (id, call) => cached.load(id, call),
    save: (record, call) => cached.write(record, () => store.save(record, call)),
    touch: (id, revision, expiresAt, call) =>
      cached.change(
        id,
        () => store.touch(id, revision, expiresAt, call),
        (isTouched) => isTouched && cached.side.touch(id, revision, expiresAt),
      ),
    delete: (id, call) =>
      cached.change(
        id,
        () => store.delete(id, call),
        () => cached.side.bury(id, clock()),
      ),
    exists: (id, call) => store.exists(id, call),
    ...passOnEvictions(store),
    close: async () => {
      const closed = await Promise.allSettled([cache.close?.(), store.close?.()]);
      for (const one of closed) if (one.status === "rejected") throw one.reason;
    },
  };
}

interface CachedCalls {
  readonly side: CacheSide;
  load(id: string, call: CallOptions | undefined): Promise<SessionRecord | null>;
  /** Changes the store, then the cache; what the cache was not told of is doubted here. */
  change(
    id: string,
    inStore: () => Promise<boolean>,
    inCache: (isDone: boolean) => boolean | Promise<boolean>,
  ): Promise<boolean>;
  write(record: SessionRecord, inStore: () => Promise<boolean>): Promise<boolean>;
  /** What expires until then is gone from the store, so that no entry about it is believed here. */
  swept(until: number): void;
}

function createCachedCalls(
  options: CachedBackendOptions<BackendAbilities>,
  clock: () => number,
): CachedCalls {
  const { cache, store, deadline = "2s", logger } = options;
  const patience = toMilliseconds(deadline, "deadline");
  const trust = 2 * patience;
  const side = new CacheSide({
    cache,
    clock,
    trust,
    patience:
      options.cacheDeadline === undefined
        ? patience / 20
        : toMilliseconds(options.cacheDeadline, "cacheDeadline"),
    warn: createWarner(logger),
  });
  const doubts = new Doubts(trust);
  let sweptUntil = Number.NEGATIVE_INFINITY;

  const change: CachedCalls["change"] = async (id, inStore, inCache) => {
    let isTold = false;
    try {
      const isDone = await inStore();
      isTold = await inCache(isDone);
      return isDone;
    } finally {
      if (!isTold) doubts.add(id, clock());
    }
  };

  return {
    side,
    change,
    write(record, inStore) {
      const since = clock();
      return change(record.id, inStore, (isDone) => isDone && side.put(record, since));
    },
    async load(id, call) {
      const seen = await side.look(id);
      const { record, since } = seen?.entry ?? nothing;
      const isUsable = side.isInForce(since) && doubts.allows(id, since);
      if (isUsable && record && record.expiresAt > Math.max(clock(), sweptUntil)) return record;
      const asked = clock();
      const stored = await store.load(id, call);
      if (stored !== null && seen !== undefined) await side.refill(seen, stored, asked);
      return stored;
    },
    swept(until) {
      sweptUntil = Math.max(sweptUntil, until);
    },
  };
}

const nothing = { record: null, since: Number.NEGATIVE_INFINITY };

function cachedAbilities(
  { sweep, limit, ...reading }: BackendAbilities,
  cached: CachedCalls,
): BackendAbilities {
  return {
    ...reading,
    ...(sweep && {
      sweep: {
        deleteExpired: (now, size, call) => {
          cached.swept(now);
          return sweep.deleteExpired(now, size, call);
        },
        ...passOnMidway(sweep),
      },
    }),
    ...(limit && {
      limit: {
        createWithin: (record, room, call) =>
          cached.write(record, () => limit.createWithin(record, room, call)),
      },
    }),
  };
}

/** An entry in the place of its record would be the end of both. */
function assertApart(cache: SessionBackend, store: SessionBackend): void {
  // Places within this process have one name, but are not one.
  const isNamed = cache.isInProcess !== true && cache.place !== undefined;
  if (cache !== store && !(isNamed && cache.place === store.place)) return;
  throw new SessionError(
    "config",
    "The cache and the store of a cached backend are one place. Give the cache a place or a prefix of its own.",
  );
}
