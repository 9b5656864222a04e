import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { mustLoad, openOver, stored } from "../../fixture/open.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const server = await startRedis({ settings: { maxmemory: "4mb", "maxmemory-policy": "noeviction" } });
const client = new Redis(server.url);
const backend = createRedisBackend({ url: server.url, indexes: ["userId"] });
const { sessions } = openOver(backend, { clock: Date.now, deadline: "5s" });
beforeEach(() => client.flushall());
afterAll(async () => {
  client.disconnect();
  await backend.close();
  await server.stop();
});

/** Until Redis refuses whatever takes memory. */
async function fill(): Promise<void> {
  for (const size of [10_000, 1]) {
    for (let isFull = false; !isFull; ) {
      const writing = client.set(crypto.randomUUID(), "x".repeat(size));
      isFull = await writing.then(
        () => false,
        () => true,
      );
    }
  }
}

test("a Redis whose memory is full logs users out, revokes, cleans up and touches", async () => {
  const keys = await Promise.all([1, 1, 1, 2, 2].map((userId) => stored(sessions, { userId })));
  const [ended = "", deleted = ""] = keys;
  const [over, touched] = [redisRecord({ expiresAt: Date.now() - 1 }), redisRecord()];
  for (const record of [over, touched]) await backend.create(record);
  await fill();
  await (await mustLoad(sessions, ended)).destroy();
  expect(await sessions.delete(deleted)).toBe(true);
  expect(await sessions.revoke({ userId: 2 })).toBe(2);
  expect(await backend.abilities.sweep.deleteExpired(Date.now(), 1000)).toBe(1);
  const expiresAt = touched.expiresAt + 60_000;
  expect(await backend.touch(touched.id, touched.revision, expiresAt)).toBe(true);
  expect((await backend.load(touched.id))?.expiresAt).toBe(expiresAt);
  await expect(Promise.all(keys.map((key) => sessions.exists(key)))).resolves.toEqual(
    keys.map((_, at) => at === 2),
  );
});

test("it keeps what takes no more room, and refuses what does without harm", async () => {
  const data = (length: number): Uint8Array => new Uint8Array(length).fill(32);
  const record = redisRecord({ data: data(100) });
  await backend.create(record);
  await fill();
  const larger = followingRecord(record, { data: data(200) });
  await expect(backend.save(larger)).rejects.toMatchObject({ code: "unavailable" });
  await expect(backend.create(redisRecord())).rejects.toMatchObject({ code: "unavailable" });
  expect(await backend.load(record.id)).toEqual(record);
  const smaller = followingRecord(record, { data: data(50) });
  expect(await backend.save(smaller)).toBe(true);
  expect(await backend.load(record.id)).toEqual(smaller);
});
