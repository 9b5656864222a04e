import { Redis } from "ioredis";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { countingClient } from "./counting-client.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const redis = new Redis(await sharedServer("redis"));
const client = countingClient(redis);
const prefix = `trips:${crypto.randomUUID()}`;
const backend = createRedisBackend({ redis: client, prefix });
afterAll(() => redis.disconnect());

// The scripts are known to Redis from here on.
const first = redisRecord({ tenant: "a", indexed: { userId: 1 } });
await backend.create(first);
await backend.save(followingRecord(first));
await backend.touch(first.id, 2, first.expiresAt);
await backend.delete(first.id);

beforeEach(() => {
  client.trips.length = 0;
});

/** How many commands each round trip had. */
function widths(): readonly number[] {
  return client.trips.map((commands) => commands.length);
}

describe("round trips to Redis", () => {
  test("one each for what is in no index", async () => {
    const record = redisRecord();
    const saved = followingRecord(record);
    await backend.create(record);
    await backend.load(record.id);
    await backend.exists(record.id);
    await backend.save(saved);
    await backend.touch(record.id, 2, record.expiresAt + 1);
    await backend.delete(record.id);
    expect(widths()).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("one more before a creation and after a deletion for all indexes together", async () => {
    const record = redisRecord({ tenant: "acme", indexed: { userId: 7, label: "x", admin: null } });
    await backend.create(record);
    expect(widths()).toEqual([3, 1]);
    await backend.delete(record.id);
    expect(widths()).toEqual([3, 1, 1, 3]);
    const keys = await redis.keys(`${prefix}:[it]|*`);
    expect(keys).toEqual([]);
  });

  test("one to save when no indexed value changes, one more when one does, also after another process wrote", async () => {
    const record = redisRecord({ tenant: "acme", indexed: { userId: 7, label: "x" } });
    await backend.create(record);
    const other = createRedisBackend({ redis, prefix });
    const second = followingRecord(record, { indexed: { userId: 7, label: "y" } });
    await other.save(second);
    await backend.load(record.id);
    client.trips.length = 0;
    const third = followingRecord(second);
    await backend.save(third);
    expect(widths()).toEqual([1]);
    await backend.save(followingRecord(third, { indexed: { userId: 8, label: "y" } }));
    expect(widths()).toEqual([1, 1, 1]);
    await backend.touch(record.id, 4, record.expiresAt + 1);
    expect(widths()).toEqual([1, 1, 1, 1]);
  });

  test("what was indexed is not guessed: a save that knows it wrongly announces all", async () => {
    const record = redisRecord({ indexed: { userId: 70, label: "x" } });
    await backend.create(record);
    const second = followingRecord(record, { indexed: { userId: 71, label: "x" } });
    await createRedisBackend({ redis, prefix }).save(second);
    const third = followingRecord(second, { indexed: { userId: 70, label: "z" } });
    // It saw userId 70 last, which is in no index any more once a look-up has tidied up.
    expect((await backend.abilities.find.find({ field: "userId", value: 70, limit: 9 })).records).toEqual([]);
    expect(await backend.save(third)).toBe(true);
    for (const [field, value] of Object.entries(third.indexed)) {
      const { records } = await backend.abilities.find.find({ field, value, limit: 9 });
      expect(records.map(({ id }) => id)).toContain(record.id);
    }
  });

  test("a look-up is one for the index and one for all records", async () => {
    const records = Array.from({ length: 20 }, () => redisRecord({ indexed: { userId: 20 } }));
    await Promise.all(records.map((record) => backend.create(record)));
    client.trips.length = 0;
    const page = await backend.abilities.find.find({ field: "userId", value: 20, limit: 500 });
    expect(page.records).toHaveLength(20);
    expect(widths()).toEqual([1, 20]);
  });

  test("scripts that Redis has forgotten are sent again", async () => {
    const record = redisRecord();
    await backend.create(record);
    await redis.script("FLUSH");
    client.trips.length = 0;
    expect(await backend.save(followingRecord(record))).toBe(true);
    expect(client.trips).toEqual([["evalsha"], ["eval"]]);
  });

  test("a small record costs little", async () => {
    const record = redisRecord();
    await backend.create(record);
    const overhead = (await redis.strlen(`${prefix}:r|${record.id}`)) - record.data.length;
    expect(overhead).toBeLessThanOrEqual(33 + record.writeId.length + record.header.length + 2);
  });
});
