import { hash } from "node:crypto";
import { SessionError } from "../platform/errors.js";
import type { SessionBackend } from "../types/backend.js";
import { type CacheClient, toPlainCache } from "./cache/client.js";
import { fromCacheText, toCacheText } from "./cache/record-value.js";
import { type NoAbilities, withProcessAtomicity } from "./process-atomicity.js";

export type { CacheClient, KeyvClient, UnstorageClient } from "./cache/client.js";

/** A cache can neither search nor list: its sessions have no `find`, `count` and `revoke`. */
export type CacheAbilities = NoAbilities;

/** Options of `createCacheBackend`. */
export interface CacheBackendOptions {
  /** The app's own Keyv or unstorage; it is not closed here. */
  readonly cache: CacheClient;
}

/** The cache forgets a record so long after it has expired: the runtime's clock decides, not the cache's. */
const margin = 5 * 60_000;

/** Memcached takes a longer time for a date, which is over. */
const longestLife = 30 * 24 * 3_600_000;

/**
 * Keeps sessions in any cache that Keyv or unstorage reaches. A cache cannot compare and swap, so that only the
 * requests of one process are kept from losing each other's changes, and a session that was deleted may be written
 * again by another process. It may also forget what it was given: then its user gets a new session.
 *
 * A cache that is down is `"unavailable"`, also where the app's Keyv swallows errors: it goes on to do so for the app.
 * Records that live longer than thirty days are given to the cache without an end.
 */
export function createCacheBackend({ cache }: CacheBackendOptions): SessionBackend<CacheAbilities> {
  const plain = toPlainCache(cache);
  return withProcessAtomicity({
    client: cache,
    async get(id) {
      const value = await guarded(() => plain.get(toKey(id)));
      return value === undefined || value === null ? null : fromCacheText(value, id);
    },
    async set(record) {
      const life = Math.max(0, record.expiresAt - Date.now()) + margin;
      const milliseconds = life > longestLife ? undefined : life;
      await guarded(() => plain.set(toKey(record.id), toCacheText(record), milliseconds));
    },
    async remove(id) {
      await guarded(() => plain.remove(toKey(id)));
    },
  });
}

/** Of a few plain letters, whatever the id holds: caches limit length and alphabet of keys, and some take `:` and `/` for folders. */
function toKey(id: string): string {
  return `session-${hash("sha256", JSON.stringify(id), "hex")}`;
}

/** The errors of caches carry commands with keys and values: only their codes are passed on. */
async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SessionError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    throw new SessionError("unavailable", `The cache of the sessions failed (${code}).`, {
      details: { code },
    });
  }
}
