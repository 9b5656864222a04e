import KeyvMemcache from "@keyv/memcache";
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { createStorage } from "unstorage";
import { afterAll, describe, expect, test } from "vitest";
import { type CacheClient, createCacheBackend } from "../../../runtime/backends/cache.js";
import { RecentIds } from "../../../runtime/platform/recent-ids.js";
import type { SessionBackend, SessionRecord } from "../../../runtime/types/backend.js";
import { startMemcached } from "../../servers/memcached.js";
import { startRedis } from "../../servers/redis.js";
import { openOver, stored } from "../fixture/open.js";

const redisServer = await startRedis();
afterAll(() => redisServer.stop());
const memcachedServer = await startMemcached();
afterAll(() => memcachedServer.stop());

describe("a cache that is down", () => {
  test("Redis: is unavailable, never a session that is not there", async () => {
    const keyv = new Keyv(new KeyvRedis({ url: redisServer.url, socket: { reconnectStrategy: false } }));
    await assertUnavailableWhen(() => redisServer.kill(), createCacheBackend({ cache: keyv }));
    // For the app, its Keyv and the adapter of it are what they were.
    expect([keyv.throwOnErrors, keyv.store.throwOnErrors]).toEqual([false, false]);
  });

  test("Memcached: is unavailable, never a session that is not there", async () => {
    const options = { retries: 0, timeout: 0.2, failoverTime: 0 };
    const keyv = new Keyv(new KeyvMemcache(memcachedServer.url, options));
    await assertUnavailableWhen(() => memcachedServer.kill(), createCacheBackend({ cache: keyv }));
  });

  test("its error carries neither keys nor values", async () => {
    const failing = createStorage();
    failing.getItem = () => Promise.reject(Object.assign(new Error("GET secret"), { code: "ECONNRESET" }));
    const error = await createCacheBackend({ cache: failing })
      .load("secret")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unavailable", details: { code: "ECONNRESET" } });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain("secret");
  });
});

test("a session that a cache did not remove is still there, and its end is not told", async () => {
  const kept = new Keyv();
  kept.delete = () => Promise.resolve(false);
  const backend = createCacheBackend({ cache: kept });
  await backend.create(record("one"));
  await expect(backend.delete("one")).rejects.toMatchObject({ code: "unavailable" });
});

test("a cache of the app's own class has private members", async () => {
  class Own {
    readonly #values = new Map<string, string>();
    get = async (key: string) => this.#values.get(key);
    async set(key: string, value: string): Promise<void> {
      this.#values.set(key, value);
    }
    async delete(key: string): Promise<boolean> {
      return this.#values.delete(key);
    }
  }
  const backend = createCacheBackend({ cache: new Own() });
  expect([await backend.create(record("one")), await backend.delete("one")]).toEqual([true, true]);
});

describe("within the process", () => {
  test("a session that was deleted stays so, though another process writes it again", async () => {
    const cache = new Keyv();
    const backend = createCacheBackend({ cache });
    const elsewhere = createCacheBackend({ cache: sameStore(cache) });
    await backend.create(record("one"));
    await backend.delete("one");
    await elsewhere.create(record("one"));
    expect([await backend.load("one"), await backend.exists("one")]).toEqual([null, false]);
    expect(await backend.save({ ...record("one"), revision: 2, writeId: "w2" })).toBe(false);
    expect(await backend.touch("one", 1, Date.now())).toBe(false);
    expect(await backend.create(record("one"))).toBe(false);
    expect(await backend.delete("one")).toBe(true);
    expect(await elsewhere.exists("one")).toBe(false);
  });

  test("two backends over one cache take turns", async () => {
    const cache = new Keyv();
    const backends = [createCacheBackend({ cache }), createCacheBackend({ cache })];
    await backends[0]?.create(record("one"));
    const writes = Array.from({ length: 20 }, (_, at) => ({
      ...record("one"),
      revision: 2,
      writeId: `w${at}`,
    }));
    const answers = await Promise.all(writes.map((write, at) => backends[at % 2]?.save(write)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test("a change whose turn comes after its deadline is not made", async () => {
    const backend = createCacheBackend({ cache: new Keyv() });
    const isOver = new AbortController();
    const created = backend.create(record("one"));
    const saved = backend.save({ ...record("one"), revision: 2 }, { signal: isOver.signal });
    isOver.abort();
    await expect(saved).rejects.toMatchObject({ code: "timeout" });
    expect([await created, (await backend.load("one"))?.revision]).toEqual([true, 1]);
  });

  test("no more than the last 100,000 deletions are remembered", () => {
    const tombstones = new RecentIds();
    for (let count = 0; count <= 100_000; count++) tombstones.add(String(count));
    expect([tombstones.has("0"), tombstones.has("1"), tombstones.has("100000")]).toEqual([false, true, true]);
  });
});

describe("a value that is no record", () => {
  test.each(["", "session-gen 1 5", '{"id":"x"}', "session-gen 1 x {}", 42, { a: 1 }, "session-gen 1 1 {}"])(
    "%j gives its user a fresh session, and is kept",
    async (value) => {
      const cache = new Map<string, unknown>();
      const keyv = new Keyv(cache);
      const { sessions, warnings } = openOver(createCacheBackend({ cache: keyv }));
      const key = await stored(sessions, { userId: 1 });
      const [name = ""] = [...cache.keys()].map((stored) => stored.replace(/^keyv:/, ""));
      await keyv.set(name, value);
      expect(await sessions.load(key)).toBeNull();
      expect(warnings.join()).toContain("cannot be read");
      expect(cache.size).toBe(1);
      expect(await sessions.delete(key)).toBe(true);
      expect(cache.size).toBe(0);
    },
  );
});

describe("what a cache cannot do", () => {
  test("does not compile", () => {
    const { sessions } = openOver(createCacheBackend({ cache: new Keyv() }));
    // @ts-expect-error A cache cannot search.
    expect(sessions.revoke).toBeUndefined();
    // @ts-expect-error A cache cannot search.
    expect(sessions.find).toBeUndefined();
    // @ts-expect-error A cache forgets by itself.
    expect(sessions.cleanupExpired).toBeUndefined();
  });

  test("what is no cache is refused", () => {
    const nothing = {} as CacheClient;
    expect(() => createCacheBackend({ cache: nothing })).toThrow(expect.objectContaining({ code: "config" }));
  });
});

async function assertUnavailableWhen(stop: () => Promise<void>, backend: SessionBackend): Promise<void> {
  await backend.create(record("one"));
  expect(await backend.exists("one")).toBe(true);
  await stop();
  for (const call of [
    () => backend.load("one"),
    () => backend.save({ ...record("one"), revision: 2 }),
    () => backend.create(record("two")),
    () => backend.delete("one"),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "unavailable" });
  }
}

/** The same cache, as another process has it. */
function sameStore(cache: Keyv): CacheClient {
  return {
    get: (key: string) => cache.get(key),
    set: (key: string, value: string) => cache.set(key, value),
    delete: (key: string) => cache.delete(key),
  };
}

function record(id: string): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const times = { createdAt: 0, expiresAt: Date.now() + 3_600_000 };
  return { id, tenant: null, header: "1;json;-;-;x", data, revision: 1, writeId: "w", ...times, indexed: {} };
}
