import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import type { IndexedValue } from "../../../../runtime/types/backend.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { countingClient } from "./counting-client.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const redis = new Redis(await sharedServer("redis"));
const prefix = `indexes:${crypto.randomUUID()}`;
const backend = createRedisBackend({ redis, prefix });
const { find } = backend.abilities;
afterAll(() => redis.disconnect());

const indexKey = (label: string): string => `${prefix}:i|5|label|s${label}`;
const minute = 60_000;

async function idsOf(value: IndexedValue, over = find): Promise<readonly string[]> {
  return (await over.find({ field: "label", value, limit: 100 })).records.map(({ id }) => id);
}

/** A process that ends when it has announced a write, before it makes it. */
function dyingBackend() {
  const client = countingClient(redis);
  const dying = createRedisBackend({ redis: client, prefix });
  client.before = (command, key) => {
    if (command.startsWith("eval") && key.includes(":r|")) throw new Error("the process has ended");
  };
  return dying;
}

describe("an index of Redis", () => {
  test("after a crash between announcing and saving finds what is there, and tidies up", async () => {
    const record = redisRecord({ indexed: { label: "kept" } });
    await backend.create(record);
    const dying = dyingBackend();
    await dying.load(record.id);
    await expect(dying.save(followingRecord(record, { indexed: { label: "never" } }))).rejects.toThrow();
    expect(await redis.zscore(indexKey("never"), record.id)).toBe("2");
    expect([await idsOf("kept"), await idsOf("never")]).toEqual([[record.id], []]);
    // The announced write may still be on its way: only one that is decided is tidied up.
    expect(await redis.zscore(indexKey("never"), record.id)).toBe("2");
    await backend.save(followingRecord(record));
    expect(await idsOf("never")).toEqual([]);
    expect(await redis.zscore(indexKey("never"), record.id)).toBeNull();
    expect(await idsOf("kept")).toEqual([record.id]);
  });

  test("after a crash between announcing and creating, keeps the member for a minute", async () => {
    const record = redisRecord({ indexed: { label: "crashed" } });
    await expect(dyingBackend().create(record)).rejects.toThrow();
    expect(await idsOf("crashed")).toEqual([]);
    const score = Number(await redis.zscore(indexKey("crashed"), record.id));
    expect(Math.abs(-score - Date.now())).toBeLessThan(minute);
    await redis.zadd(indexKey("crashed"), score + minute, record.id);
    expect(await idsOf("crashed")).toEqual([]);
    expect(await redis.exists(indexKey("crashed"))).toBe(0);
  });

  test("a look-up between announcing and writing takes nothing out", async () => {
    const client = countingClient(redis);
    const writer = createRedisBackend({ redis: client, prefix });
    const record = redisRecord({ indexed: { label: "raced" } });
    client.before = async (_command, key) => {
      if (key.includes(":r|")) expect(await idsOf("raced")).toEqual([]);
    };
    await writer.create(record);
    client.before = () => {};
    expect(await idsOf("raced")).toEqual([record.id]);
    const second = followingRecord(record, { indexed: { label: "raced again" } });
    client.before = async (_command, key) => {
      if (key.includes(":r|")) expect(await idsOf("raced again")).toEqual([]);
    };
    await writer.save(second);
    expect([await idsOf("raced"), await idsOf("raced again")]).toEqual([[], [record.id]]);
  });

  test("a creation that comes later than its announcement holds announces again", async () => {
    const client = countingClient(redis);
    const writer = createRedisBackend({ redis: client, prefix });
    const record = redisRecord({ indexed: { label: "late" } });
    let isFirst = true;
    client.before = async (_command, key) => {
      if (!isFirst || !key.includes(":r|")) return;
      isFirst = false;
      // As if the process had stood still for long, and a look-up had given it up.
      await redis.zrem(indexKey("late"), record.id);
    };
    const call = client.call.bind(client);
    const late = {
      ...client,
      call: (...parts: Parameters<typeof call>) =>
        call(...(parts.map((part) => (isFirst ? backdated(part) : part)) as typeof parts)),
    };
    expect(await createRedisBackend({ redis: late, prefix }).create(record)).toBe(true);
    expect(await idsOf("late")).toEqual([record.id]);
    expect(await writer.delete(record.id)).toBe(true);
  });

  test("members of records that Redis has forgotten go with the next look-up, or sweep", async () => {
    const records = ["x", "x", "y"].map((label) => redisRecord({ tenant: "gone", indexed: { label } }));
    for (const record of records) {
      await backend.create(record);
      await backend.save(followingRecord(record, { indexed: { label: `${record.indexed["label"]}2` } }));
      await redis.del(`${prefix}:r|${record.id}`);
    }
    expect(await idsOf("x2")).toEqual([]);
    expect(await redis.exists(indexKey("x2"))).toBe(0);
    expect(await redis.exists(indexKey("y2"))).toBe(1);
    await backend.abilities.sweep.deleteExpired(0, 10);
    expect(await redis.exists(indexKey("y2"), indexKey("x"), indexKey("y"))).toBe(2);
  });

  test("that nobody looks into and nobody sweeps stays in proportion to what is alive", async () => {
    const alive = redisRecord({ indexed: { label: "busy" } });
    await backend.create(alive);
    for (let round = 0; round < 400; round += 1) {
      const record = redisRecord({ indexed: { label: "busy" } });
      await backend.create(record);
      await backend.save(followingRecord(record, { indexed: { label: null } }));
      // A score of a minute ago: that nobody may be creating it any more.
      await redis.zadd(indexKey("busy"), "XX", -Date.now() + 2 * minute, record.id);
    }
    await expect.poll(() => redis.zcard(indexKey("busy"))).toBeLessThan(130);
    expect(await idsOf("busy")).toEqual([alive.id]);
  });
});

/** Moves the time of an announcement back by more than it holds. */
function backdated(part: string | number | Buffer): string | number | Buffer {
  return typeof part === "string" && /^1[78]\d{11}$/.test(part) ? String(Number(part) - 31_000) : part;
}
