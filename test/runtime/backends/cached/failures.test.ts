import { afterAll, beforeAll, expect, test } from "vitest";
import { createCachedBackend } from "../../../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { failingBackend, fakeClock } from "../../../../runtime/testing/index.js";
import { startRedis } from "../../../servers/redis.js";
import type { TestServer } from "../../../servers/test-server.js";
import { until } from "../../../servers/until.js";
import { nextOf, recordAt } from "./places.js";

let redis: TestServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test("a frozen Redis as cache delays one request in a second by its own deadline, and nothing fails", async () => {
  const store = createMemoryBackend();
  const warnings: string[] = [];
  const cache = createRedisBackend({ url: redis.url });
  const logger = { warn: (message: string) => warnings.push(message) };
  const cached = createCachedBackend({ cache, store, cacheDeadline: 0.05, logger });
  let record = recordAt(Date.now());
  await cached.create(record);
  redis.pause();
  const times: number[] = [];
  for (let time = 0; time < 200; time += 1) {
    const start = performance.now();
    record = nextOf(record);
    expect(await cached.save(record)).toBe(true);
    expect(await cached.load("one")).toEqual(record);
    times.push(performance.now() - start);
  }
  redis.resume();
  expect(Math.max(...times)).toBeLessThan(300);
  expect(times.filter((time) => time > 40).length).toBeLessThanOrEqual(10);
  expect(warnings).toEqual([expect.stringContaining("The session cache failed (timeout")]);
  const isUsedAgain = async (): Promise<boolean> => {
    await cached.load("one");
    return (await cache.load("one"))?.data.length !== 0 && (await cache.load("one")) !== null;
  };
  await until(isUsedAgain, { what: "the cache is used again", milliseconds: 2500 });
  expect(await cached.load("one")).toEqual(record);
  await cached.close?.();
});

test("a cache that fails is warned of once a minute, without its words", async () => {
  const clock = fakeClock(Date.now());
  const warnings: string[] = [];
  const plan = { load: () => ({ reject: new Error("redis://user:secret@host") }) };
  const cache = failingBackend(createMemoryBackend({ clock }), plan);
  const store = createMemoryBackend({ clock });
  const logger = { warn: (message: string) => warnings.push(message) };
  const cached = createCachedBackend({ cache, store, logger, clock });
  await cached.create(recordAt(clock()));
  for (let second = 0; second < 59; second += 1) {
    expect((await cached.load("one"))?.revision).toBe(1);
    clock.advance(1);
  }
  expect(warnings).toEqual([expect.not.stringContaining("secret")]);
  clock.advance(1);
  await cached.load("one");
  expect(warnings.length).toBe(2);
});

test("whatever the cache does, no read is staler than twice the deadline and no write is lost", async () => {
  const clock = fakeClock(Date.now());
  const store = createMemoryBackend({ clock });
  const cache = createMemoryBackend({ clock });
  const random = createRandom(7);
  const fail = () => (random() < 0.3 ? "reject" : random() < 0.2 ? "lose-answer" : "pass");
  const open = () =>
    createCachedBackend({
      cache: failingBackend(cache, { load: fail, create: fail, save: fail }),
      store,
      clock,
      logger: { warn: () => {} },
    });
  const processes = [open(), open(), open()];
  const current = new Map<string, { readonly time: number; readonly revision: number }[]>();
  const note = (id: string, revision: number): void => {
    current.set(id, [...(current.get(id) ?? [{ time: 0, revision: 0 }]), { time: clock(), revision }]);
  };
  let stale = 0;
  let refused = 0;
  for (let step = 0; step < 20_000; step += 1) {
    const process = processes[Math.floor(random() * 3)] ?? open();
    const id = `s${Math.floor(step / 400)}`;
    clock.advance(0.001 + random());
    const record = await process.load(id);
    const history = current.get(id) ?? [];
    const oldest = history.findLast(({ time }) => time <= clock() - 4000)?.revision ?? 0;
    const newest = history.at(-1)?.revision ?? 0;
    // A deleted session has the revision of infinity, since none comes after it.
    const seen = record?.revision ?? (newest === Number.POSITIVE_INFINITY || newest === 0 ? newest : -1);
    expect(seen).toBeGreaterThanOrEqual(oldest);
    if (seen !== newest) stale += 1;
    if (record === null) {
      if (newest === 0 && (await process.create(recordAt(clock(), { id })))) note(id, 1);
    } else if (random() < 0.02) {
      await process.delete(id);
      note(id, Number.POSITIVE_INFINITY);
    } else if (random() < 0.3) {
      const isSaved = await process.save(nextOf(record));
      expect(isSaved).toBe(record.revision === newest);
      if (isSaved) note(id, record.revision + 1);
      else refused += 1;
      if (!isSaved) expect((await process.load(id))?.revision ?? Number.POSITIVE_INFINITY).toBe(newest);
    }
  }
  expect(Math.min(stale, refused)).toBeGreaterThan(10);
});

/** A reproducible `Math.random` (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
