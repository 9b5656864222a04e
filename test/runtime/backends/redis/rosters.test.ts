import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { openTenants } from "../../../suites/tenant-shop.js";
import { countingClient } from "./counting-client.js";
import { redisRecord } from "./redis-record.js";

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

test("a place is free again once its session has ended, also where the clock of Redis was set back since it was taken", async () => {
  const prefix = `rosters-${crypto.randomUUID()}`;
  const backend = createRedisBackend({ url, prefix });
  const redis = new Redis(url);
  const limit = { tenant: "a", max: 1, onLimit: "refuse" } as const;
  const first = redisRecord();
  expect(await backend.abilities.limit.createWithin(first, limit)).toBe(true);
  await redis.zadd(`${prefix}:t|a`, -(Date.now() + 3_600_000), first.id);
  expect(await backend.abilities.limit.createWithin(redisRecord(), limit)).toBe(false);
  expect(await backend.delete(first.id)).toBe(true);
  expect(await backend.abilities.limit.createWithin(redisRecord(), limit)).toBe(true);
  redis.disconnect();
  await backend.close();
});

test.each(["oldest", "refuse"] as const)(
  "a tenant is looked at only when it is full, and then once for all who come at a moment: %s",
  async (onLimit) => {
    const redis = new Redis(url);
    const client = countingClient(redis);
    const backend = createRedisBackend({ redis: client, prefix: `rosters-${crypto.randomUUID()}` });
    const shop = openTenants(backend, { maxSessions: 10, onLimit }, { deadline: "20s" }).forTenant("a");
    const logIns = (many: number) =>
      Promise.allSettled(Array.from({ length: many }, () => shop.create({ userId: 1 }).save()));
    const looks = () => client.trips.flat().filter((command) => command === "zscan").length;
    await logIns(10);
    expect(looks()).toBe(0);
    const answers = await logIns(20);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(
      onLimit === "oldest" ? 20 : 0,
    );
    // Those who came in the middle of one need another.
    expect(looks()).toBeLessThan(10);
    expect(await shop.count()).toBe(10);
    redis.disconnect();
  },
);
