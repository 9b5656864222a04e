import { type EnvReference, resolveText } from "../platform/env.js";
import { SessionError } from "../platform/errors.js";
import {
  assertTypes,
  group,
  listOf,
  type OptionTypes,
  plainText,
  text,
  withMethods,
} from "../platform/options.js";
import type {
  BackendAbilities,
  Findable,
  Limited,
  Listable,
  Scannable,
  SessionBackend,
  Sweepable,
} from "../types/backend.js";
import { createEvictions } from "./evictions.js";
import type { RedisClient } from "./redis/client.js";
import { createCommands } from "./redis/commands.js";
import { createConnection } from "./redis/connection.js";
import { createEntries, createSeenEntries } from "./redis/entries.js";
import { createKeys } from "./redis/keys.js";
import { createLimited } from "./redis/limit.js";
import { createPages, type Pages } from "./redis/pages.js";
import { createSweep, type Sweep } from "./redis/sweep.js";
import { tidySome } from "./redis/tidy.js";
import { create, exists, load, remove, type Store, save, touch } from "./redis/writes.js";

export type { RedisClient } from "./redis/client.js";

/** Options of `createRedisBackend`. */
export interface RedisBackendOptions {
  /** One server: `redis://` or `rediss://` with user, password and database. Read at first use. */
  readonly url?: string | EnvReference;
  /** A master that Sentinels watch, and where they are: `host:port`, or urls when there is a password. */
  readonly sentinels?: {
    readonly hosts: readonly (string | EnvReference)[];
    readonly name: string | EnvReference;
  };
  /** Some nodes of a Redis Cluster: `host:port`, or urls when there is a password. */
  readonly cluster?: readonly (string | EnvReference)[];
  /** Begins the name of each key; `"sessions"` when left out. Two kinds of session need two. It holds no `|`. */
  readonly prefix?: string | EnvReference;
  /**
   * The app's own `Redis` or `Cluster` of ioredis: used instead of the others, and not closed here. Its own timeouts
   * hold: without `commandTimeout` and `socketTimeout`, what waits for a server that stands still piles up in it.
   * What is sent in one turn of the event loop leaves at its end, what the app sends by it too.
   */
  readonly redis?: RedisClient | undefined;
  /** The indexed fields; all that a record says are indexed when left out. */
  readonly indexes?: readonly string[];
}

const types: OptionTypes<RedisBackendOptions> = {
  ...{ url: text, sentinels: group, cluster: listOf(text), prefix: text, indexes: listOf(plainText) },
  redis: withMethods("a Redis or Cluster of ioredis", "call", "callBuffer"),
};

/** Redis can do everything. */
export interface RedisAbilities extends BackendAbilities {
  readonly find: Findable;
  readonly list: Listable;
  readonly scan: Scannable;
  readonly sweep: Sweepable;
  readonly limit: Limited;
}

/** Sessions in Redis. */
export interface RedisBackend extends SessionBackend<RedisAbilities> {
  close(): Promise<void>;
}

/**
 * Keeps sessions in Redis (6.2 or later), a single server, one behind Sentinels, or a Cluster, by ioredis 5 or 6.
 * Opens nothing and reads no `env` before first use.
 *
 * Each session is one key, written by one script that compares and swaps; so it holds across processes, and a
 * command that ioredis sends again after a broken connection does no more the second time. Redis forgets a record
 * five minutes after its expiry. It must not evict keys that are still needed: `maxmemory-policy noeviction`, or
 * `volatile-ttl`, which logs users out when memory is short.
 *
 * What Redis promises is what is kept: with `appendfsync always` what was acknowledged survives a crash, with
 * `everysec` all but the last second. Replication is asynchronous: a failover, by Sentinels or in a Cluster, can lose
 * what the old master acknowledged just before it went, logouts too. `min-replicas-to-write` makes that window short.
 *
 * Throws `SessionError` `"config"` for impossible options; calls reject with `"config"` when ioredis is missing, and
 * with `"unavailable"` when Redis fails.
 */
export function createRedisBackend(options: RedisBackendOptions): RedisBackend {
  const { url, sentinels, cluster, redis, prefix = "sessions", indexes } = options;
  assertTypes("createRedisBackend", options, types);
  assertOnePlace(options);
  // What stands there is looked at now, what the environment says at first use.
  let keys = typeof prefix === "string" ? createKeys(prefix, indexes) : undefined;
  const seen = createSeenEntries(10_000);
  const evictions = createEvictions();
  const { ready, atHand, close } = createConnection({ url, sentinels, cluster, redis });
  let current: Opened | undefined;
  const opened = async (): Promise<Opened> => {
    const client = await ready();
    if (current?.client === client) return current;
    keys ??= createKeys(resolveText(prefix), indexes);
    const commands = createCommands(client);
    const entries = createEntries(commands, keys, (indexKey) => void tidySome(store, indexKey));
    const store: Store = { commands, keys, seen, entries, evictions };
    const [pages, sweep] = [createPages(store), createSweep(store)];
    current = { client, store, pages, sweep, createWithin: createLimited(store) };
    return current;
  };
  const within = <T>(work: (store: Store) => Promise<T>): Promise<T> =>
    current !== undefined && current.client === atHand()
      ? work(current.store)
      : opened().then(({ store }) => work(store));

  return {
    atomicity: "store",
    // The app's own client may be another one next time. Addresses are named without what may be a password.
    ...(redis === undefined && { place: nameOf(options, prefix) }),
    create: (record) => within(async (store) => (await create(store, record)) === true),
    load: (id) => within((store) => load(store, id)),
    save: (record, options) => within((store) => save(store, record, options)),
    touch: (id, revision, expiresAt) => within((store) => touch(store, id, { revision, expiresAt })),
    delete: (id) => within((store) => remove(store, id)),
    exists: (id) => within((store) => exists(store, id)),
    onEviction: evictions.onEviction,
    close,
    abilities: createAbilities(opened, () => current?.sweep.isMidway() === true),
  };
}

interface Opened {
  readonly client: RedisClient;
  readonly store: Store;
  readonly pages: Pages;
  readonly sweep: Sweep;
  readonly createWithin: Limited["createWithin"];
}

function createAbilities(opened: () => Promise<Opened>, isMidway: () => boolean): RedisAbilities {
  return {
    find: { find: async (query) => (await opened()).pages.find(query) },
    list: { list: async (query) => (await opened()).pages.list(query) },
    scan: { scan: async (query) => (await opened()).pages.scan(query) },
    sweep: {
      isMidway,
      deleteExpired: async (now, limit) => (await opened()).sweep.deleteExpired(now, limit),
    },
    limit: { createWithin: async (record, limit) => (await opened()).createWithin(record, limit) },
  };
}

function assertOnePlace({ url, sentinels, cluster, redis }: RedisBackendOptions): void {
  if (redis !== undefined) return;
  const places = [url, sentinels, cluster].filter((place) => place !== undefined);
  if (places.length === 1 && (sentinels?.hosts ?? cluster ?? [url]).length > 0) return;
  throw new SessionError(
    "config",
    "A Redis backend needs one of url, sentinels and cluster, with an address, or an ioredis client as the option redis.",
  );
}

function nameOf(
  { url, sentinels, cluster, indexes }: RedisBackendOptions,
  prefix: string | EnvReference,
): string {
  const texts = [url, ...(sentinels?.hosts ?? []), ...(cluster ?? [])].filter((text) => text !== undefined);
  return JSON.stringify(["redis", texts.map(withoutPassword), sentinels?.name, prefix, indexes]);
}

function withoutPassword(text: string | EnvReference): string | EnvReference {
  if (typeof text !== "string") return { env: text.env };
  return text.replace(/^([a-z]+:\/\/)?.*@/s, "$1");
}
