import { afterAll } from "vitest";
import { createCachedBackend } from "../../../runtime/backends/cached.js";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { sharedServer } from "../../servers/shared-server.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { isNightly } from "../../suites/faults/scale.js";
import { testColumns } from "./cached/places.js";

const url = await sharedServer("redis");
const sqlite = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns: testColumns });
await sqlite.createTable();
const indexes = Object.keys(testColumns);
const prefix = `cached-${crypto.randomUUID()}`;
const redisCache = createRedisBackend({ url, prefix: `${prefix}-cache` });
const besideMemory = createRedisBackend({ url, prefix: `${prefix}-one`, indexes });
const besideRedis = createRedisBackend({ url, prefix: `${prefix}-other`, indexes });
afterAll(() =>
  Promise.all([sqlite, redisCache, besideMemory, besideRedis].map((backend) => backend.close())),
);

const abilities = everyAbility;
const cache = createMemoryBackend();
backendSuite("memory before memory", () => createCachedBackend({ cache, store: createMemoryBackend() }), {
  abilities,
});
backendSuite("memory before SQLite", () => createCachedBackend({ cache, store: sqlite }), { abilities });
backendSuite("Redis before Redis", () => createCachedBackend({ cache: redisCache, store: besideRedis }), {
  abilities,
});
// Each cache and each store is above already.
if (isNightly) {
  backendSuite("memory before Redis", () => createCachedBackend({ cache, store: besideMemory }), {
    abilities,
  });
  backendSuite("Redis before SQLite", () => createCachedBackend({ cache: redisCache, store: sqlite }), {
    abilities,
  });
}
