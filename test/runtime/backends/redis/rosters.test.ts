import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { openTenants } from "../../../suites/tenant-shop.js";

const url = await sharedServer("redis");

test("an id whose session has another key, or has ended, is no longer on its tenant's roster", async () => {
  const prefix = `rosters-${crypto.randomUUID()}`;
  const backend = createRedisBackend({ url, prefix, indexes: ["userId"] });
  const redis = new Redis(url);
  const rosters = () => Promise.all([redis.zcard(`${prefix}:t|a`), redis.zcard(`${prefix}:t|a=m`)]);
  const session = openTenants(backend, { maxSessions: 3 }).forTenant("a").create({ userId: 1 });
  await session.save();
  expect(await rosters()).toEqual([1, 0]);
  await session.cycleKey();
  expect(await rosters()).toEqual([1, 1]);
  await session.destroy();
  expect(await rosters()).toEqual([0, 1]);
  redis.disconnect();
  await backend.close();
});
