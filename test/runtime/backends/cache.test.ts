import KeyvMemcache from "@keyv/memcache";
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import { afterAll } from "vitest";
import { createCacheBackend } from "../../../runtime/backends/cache.js";
import { sharedServer } from "../../servers/shared-server.js";
import { backendSuite } from "../../suites/backend.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";

const none = { abilities: [] };

const redis = new Keyv(new KeyvRedis(await sharedServer("redis")), { namespace: "session-gen-cache" });
afterAll(() => redis.disconnect());
const memcache = new KeyvMemcache(await sharedServer("memcached"));
afterAll(() => memcache.client.close());
const memcached = new Keyv(memcache);
const files = createStorage({ driver: fsDriver({ base: temporaryFolder() }) });

backendSuite("Keyv in memory", () => createCacheBackend({ cache: new Keyv() }), none);
backendSuite("Keyv in a Map", () => createCacheBackend({ cache: new Keyv(new Map()) }), none);
backendSuite("Keyv on Redis", () => createCacheBackend({ cache: redis }), none);
backendSuite("Keyv on Memcached", () => createCacheBackend({ cache: memcached }), none);
backendSuite("unstorage in memory", () => createCacheBackend({ cache: createStorage() }), none);
backendSuite("unstorage in files", () => createCacheBackend({ cache: files }), none);
