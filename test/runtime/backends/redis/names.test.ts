import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend, type RedisAbilities } from "../../../../runtime/backends/redis.js";
import type { SessionBackend } from "../../../../runtime/types/backend.js";
import { startRedis } from "../../../servers/redis.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const server = await startRedis();
const redis = new Redis(server.port);
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function everyId({ abilities }: SessionBackend<RedisAbilities>): Promise<readonly string[]> {
  return (await abilities.scan.scan({ limit: 1000 })).records.map(({ id }) => id);
}

describe("the names of what is in Redis", () => {
  test("prefixes that mean patterns, or begin like others, share nothing", async () => {
    const prefixes = [
      "a",
      "a*",
      "*",
      "a?",
      "[ab]",
      "a:r",
      "a:session:b",
      "a\\",
      "{a}",
      "A",
      "ａ",
      "名前",
      "a:",
    ];
    const backends = prefixes.map((prefix) => createRedisBackend({ redis, prefix }));
    const records = await Promise.all(
      backends.map(async (backend) => {
        const record = redisRecord({ tenant: "t", indexed: { userId: 1 } });
        await backend.create(record);
        return record;
      }),
    );
    for (const [at, backend] of backends.entries()) {
      const id = records[at]?.id;
      expect(await everyId(backend), prefixes[at]).toEqual([id]);
      const found = await backend.abilities.find.find({ field: "userId", value: 1, limit: 9 });
      expect(found.records.map((record) => record.id)).toEqual([id]);
    }
    expect(await backends[2]?.abilities.sweep.deleteExpired(Date.UTC(2100, 0, 1), 100)).toBe(1);
    const counts = await Promise.all(backends.map(async (backend) => (await everyId(backend)).length));
    expect(counts).toEqual(prefixes.map((_, at) => (at === 2 ? 0 : 1)));
  });

  test("a prefix that could be taken for another is refused, as is none", () => {
    for (const prefix of ["a|b", "", "|"]) {
      expect(() => createRedisBackend({ redis, prefix })).toThrow(
        expect.objectContaining({ code: "config" }),
      );
    }
    expect(() => createRedisBackend({})).toThrow(expect.objectContaining({ code: "config" }));
    const two = { url: "redis://x", cluster: ["x:1"] };
    expect(() => createRedisBackend(two)).toThrow(expect.objectContaining({ code: "config" }));
  });

  test("tenants, fields and values never meet", async () => {
    const backend = createRedisBackend({ redis, prefix: "hostile" });
    const names = ["a", "a|b", "1|a", "|", "*", "[x]", "{x}", "..", "/", "\0", "s1", "x".repeat(10_000)];
    for (const name of names) await backend.create(redisRecord({ tenant: name, indexed: { [name]: name } }));
    for (const name of names) {
      const listed = await backend.abilities.list.list({ tenant: name, limit: 9 });
      expect(listed.records.map(({ tenant }) => tenant)).toEqual([name]);
      const found = await backend.abilities.find.find({ field: name, value: name, limit: 9 });
      expect(found.records.map(({ tenant }) => tenant)).toEqual([name]);
    }
    const declared = createRedisBackend({ redis, prefix: "hostile", indexes: ["userId"] });
    await expect(declared.abilities.find.find({ field: "a", value: "a", limit: 9 })).rejects.toMatchObject({
      code: "config",
    });
  });
});

describe("how long Redis keeps a record", () => {
  const backend = createRedisBackend({ redis, prefix: "life" });
  const minutes = 60_000;
  const lifeOf = (id: string): Promise<number> => redis.pttl(`life:r|${id}`);

  test.each([
    ["in the past", -10 * minutes],
    ["now", 0],
    ["in an hour", 60 * minutes],
    ["in 2^31 ms", 2 ** 31],
    ["in 74 years", Date.UTC(2100, 0, 1) - Date.now()],
    ["in the year 9999", Date.UTC(9999, 11, 31) - Date.now()],
  ])("is five minutes longer than its life that ends %s", async (_name, left) => {
    const record = redisRecord({ expiresAt: Date.now() + left });
    const expected = Math.max(0, left) + 5 * minutes;
    const saved = followingRecord(record);
    const acts = [
      () => backend.create(record),
      () => backend.save(saved),
      () => backend.touch(record.id, 2, record.expiresAt),
    ];
    for (const act of acts) {
      expect(await act()).toBe(true);
      expect(Math.abs((await lifeOf(record.id)) - expected)).toBeLessThan(2000);
      await redis.persist(`life:r|${record.id}`);
    }
    expect((await backend.load(record.id))?.expiresAt).toBe(record.expiresAt);
  });
});
