import KeyvMemcache from "@keyv/memcache";
import KeyvRedis from "@keyv/redis";
import { RedisStore } from "connect-redis";
import Keyv from "keyv";
import { createClient } from "redis";
import { afterAll, describe } from "vitest";
import { createCacheBackend } from "../../runtime/backends/cache.js";
import { expressStoreBackend } from "../../runtime/http/express-store.js";
import { isInstalled } from "../servers/installed.js";
import { startMemcached } from "../servers/memcached.js";
import { startRedis } from "../servers/redis.js";
import { everyPlainFault } from "../suites/faults/every-fault.js";
import { freezeFaults } from "../suites/faults/freeze.js";

describe.skipIf(!isInstalled("memcached"))("a cache on Memcached", async () => {
  const server = await startMemcached();
  const memcache = new KeyvMemcache(server.url);
  afterAll(async () => {
    memcache.client.close();
    await server.stop();
  });
  everyPlainFault("Keyv on Memcached", () => createCacheBackend({ cache: new Keyv(memcache) }));
  freezeFaults({
    name: "Keyv on Memcached",
    start: startMemcached,
    // Else it asks twice more for what nobody waits for, also when the server is back.
    open: (url) =>
      createCacheBackend({ cache: new Keyv(new KeyvMemcache(url, { retries: 0, logger: { log() {} } })) }),
  });
});

describe.skipIf(!isInstalled("redis"))("a cache, and a store of express-session, on Redis", async () => {
  const server = await startRedis();
  const keyv = new Keyv(new KeyvRedis(server.url));
  const client = await createClient({ url: server.url }).connect();
  afterAll(async () => {
    await keyv.disconnect();
    await client.close();
    await server.stop();
  });
  everyPlainFault("Keyv on Redis", () => createCacheBackend({ cache: keyv }));
  freezeFaults({
    name: "Keyv on Redis",
    start: () => startRedis(),
    open: (url) => createCacheBackend({ cache: new Keyv(new KeyvRedis(url)) }),
  });
  everyPlainFault("connect-redis", () => expressStoreBackend(new RedisStore({ client })));
});
