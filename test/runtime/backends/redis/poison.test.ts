import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { openOver, stored } from "../../fixture/open.js";
import { redisRecord } from "./redis-record.js";

const server = await startRedis();
const redis = new Redis(server.port);
const backend = createRedisBackend({ redis });
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const keyOf = (id: string): string => `sessions:r|${id}`;
const bytesOf = async (key: string): Promise<Buffer> => (await redis.getBuffer(key)) ?? Buffer.alloc(0);
const changed = async (key: string, change: (value: Buffer) => Buffer): Promise<unknown> =>
  redis.set(key, change(await bytesOf(key)), "KEEPTTL");

/** What can be wrong with the value of a record. */
const poisons: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
  "three bytes": (key) => changed(key, (value) => value.subarray(0, 3)),
  "its head alone": (key) => changed(key, (value) => value.subarray(0, 33)),
  "cut in the middle": (key) => changed(key, (value) => value.subarray(0, 70)),
  "cut at its end": (key) => changed(key, (value) => value.subarray(0, -3)),
  "with lengths that lead nowhere": (key) => changed(key, (value) => Buffer.from(value.fill(0xff, 25, 33))),
  "with an index that is no JSON": (key) =>
    changed(key, (value) => Buffer.from(value.toString("latin1").replace("[null,", "(null,"), "latin1")),
  "of a later layout": (key) => changed(key, (value) => Buffer.concat([Buffer.of(3), value.subarray(1)])),
  "of another program": (key) => redis.set(key, '{"cookie":{}}', "KEEPTTL"),
};

describe.each(Object.entries(poisons))("a record whose value is %s", (_name, poison) => {
  test("gives its user a fresh session, is kept until it is deleted, and nobody else notices", async () => {
    await redis.flushall();
    const { sessions, warnings } = openOver(backend, { clock: Date.now });
    const key = await stored(sessions, { userId: 1 });
    await poison((await redis.keys("sessions:r|*"))[0] ?? "");
    const other = await stored(sessions, { userId: 1 });
    expect(await sessions.load(key)).toBeNull();
    expect(warnings.join()).toContain("cannot be read");
    expect((await sessions.load(other))?.userId).toBe(1);
    expect([await sessions.count(), await sessions.count({ userId: 1 })]).toEqual([1, 1]);
    expect(await sessions.cleanupExpired()).toBe(0);
    expect((await backend.abilities.scan.scan({ limit: 10 })).records).toHaveLength(2);
    // A later version may be the one that can read it, and must find it.
    expect(await redis.zcard("sessions:i|6|userId|n1")).toBe(2);
    expect(await sessions.delete(key)).toBe(true);
    expect((await backend.abilities.scan.scan({ limit: 10 })).records).toHaveLength(1);
  });
});

test("what another program keeps as a list is no record, and stops no scan", async () => {
  await redis.flushall();
  const record = redisRecord({ tenant: "t", indexed: { userId: 1 } });
  await backend.create(record);
  await redis.lpush(keyOf("a list"), "x");
  expect([await backend.load("a list"), await backend.exists("a list")]).toEqual([null, false]);
  expect((await backend.abilities.scan.scan({ limit: 10 })).records).toHaveLength(1);
  expect(await backend.abilities.sweep.deleteExpired(record.expiresAt, 10)).toBe(1);
});
