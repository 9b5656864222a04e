import { afterAll, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { until } from "../../../servers/until.js";
import { backendSuite } from "../../../suites/backend.js";
import { everyAbility } from "../../../suites/everything.js";
import { followingRecord, redisRecord } from "./redis-record.js";

// The app has installed ioredis 6.
vi.mock("ioredis", () => import("ioredis6"));

const server = await startRedis({ durable: true });
const backend = createRedisBackend({ url: server.url });
afterAll(async () => {
  await backend.close();
  await server.stop();
});

backendSuite("redis, by its own connection of ioredis 6", () => backend, { abilities: everyAbility });

test("a connection of ioredis 6 comes back within two seconds of a restart", async () => {
  const { Redis } = await import("ioredis");
  expect(new Redis({ lazyConnect: true }).options).toHaveProperty("protocol", 3);
  const record = redisRecord();
  await backend.create(record);
  await server.restart();
  const isSaved = (): Promise<boolean> => backend.save(followingRecord(record));
  await until(isSaved, { what: "it is back", milliseconds: 2000 });
});
