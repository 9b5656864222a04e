import { once } from "node:events";
import { Redis } from "ioredis";
import { afterAll, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const redis = new Redis(await sharedServer("redis"));
const backend = createRedisBackend({ redis, prefix: `bundled:${crypto.randomUUID()}` });
afterAll(() => redis.disconnect());

/** How often a connection is written to meanwhile. */
async function writesDuring(work: () => Promise<unknown>): Promise<number> {
  const stream = redis.stream;
  const { _write: write, _writev: writeMany } = stream;
  let count = 0;
  stream._write = (...parts) => {
    count += 1;
    write.apply(stream, parts);
  };
  stream._writev = (...parts) => {
    count += 1;
    writeMany?.apply(stream, parts);
  };
  await work().finally(() => Object.assign(stream, { _write: write, _writev: writeMany }));
  return count;
}

test("what is asked at once is sent at once", async () => {
  // The scripts are known to Redis from here on.
  const known = redisRecord();
  await backend.create(known);
  await backend.save(followingRecord(known));
  const records = Array.from({ length: 20 }, () => redisRecord());
  await Promise.all(records.map((record) => backend.create(record)));
  const loads = await writesDuring(() => Promise.all(records.map((record) => backend.load(record.id))));
  expect(loads).toBe(1);
  const saves = await writesDuring(() =>
    Promise.all(records.map((record) => backend.save(followingRecord(record)))),
  );
  expect(saves).toBe(1);
});

test("goes on with a connection that was made anew", async () => {
  const record = redisRecord();
  await backend.create(record);
  const lost = redis.stream;
  const pending = backend.load(record.id);
  lost.destroy();
  await once(redis, "ready");
  expect((await pending)?.id).toBe(record.id);
  expect(await backend.save(followingRecord(record))).toBe(true);
  expect(redis.stream).not.toBe(lost);
  expect(redis.stream.writableCorked).toBe(0);
});

test("what is asked under a fake clock leaves as well", async () => {
  const record = redisRecord();
  vi.useFakeTimers({ toFake: ["setImmediate"] });
  const creating = backend.create(record);
  vi.useRealTimers();
  expect(await creating).toBe(true);
  expect(redis.stream.writableCorked).toBe(0);
});
