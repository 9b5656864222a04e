import { Redis } from "ioredis";
import { Redis as Redis6 } from "ioredis6";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import type { SessionRecord } from "../../../../runtime/types/backend.js";
import { startRedis } from "../../../servers/redis.js";
import { startTcpProxy } from "../../../servers/tcp-proxy.js";
import { isNightly } from "../../../suites/faults/scale.js";
import { followingRecord, redisRecord } from "./redis-record.js";

const server = await startRedis();
const proxy = await startTcpProxy(server.port);
const clients = [new Redis(proxy.port), new Redis6(proxy.port)] as const;
const direct = createRedisBackend({ url: server.url });
const own = createRedisBackend({ url: proxy.urlOf(server.url) });
const backends = [
  ["its own connection", own],
  ["ioredis 5", createRedisBackend({ redis: clients[0] })],
  ["ioredis 6", createRedisBackend({ redis: clients[1] })],
] as const;

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await Promise.all([own.close(), direct.close()]);
  await proxy.close();
  await server.stop();
});

/** Each seventh loses its answer, and waits for a new connection. */
const increments = isNightly ? 200 : 60;
const ofScripts = (request: Buffer): boolean => request.includes("evalsha") || request.includes("eval");

describe.each(backends)("commands that %s sends again, since their answers were lost", (_name, backend) => {
  test("do no more the second time, and are answered right", async () => {
    const record = redisRecord({ tenant: "t", indexed: { userId: 1 } });
    const saved = followingRecord(record, { indexed: { userId: 2 } });
    await backend.load(record.id);
    const acts: readonly (() => Promise<boolean>)[] = [
      () => backend.create(record),
      () => backend.save(saved),
      () => backend.touch(record.id, 2, record.expiresAt + 1000),
    ];
    for (const act of acts) {
      const left = proxy.loseAnswers(2, ofScripts);
      expect(await act()).toBe(true);
      expect(left()).toBeLessThan(2);
      proxy.treat(() => "pass");
    }
    const stored = await direct.load(record.id);
    expect(stored).toEqual({ ...saved, expiresAt: record.expiresAt + 1000, data: stored?.data });
    proxy.loseAnswers(1, ofScripts);
    expect(await backend.delete(record.id)).toBe(true);
    proxy.treat(() => "pass");
    expect(await backend.delete(record.id)).toBe(false);
    expect(await direct.exists(record.id)).toBe(false);
  });

  test(`count each of ${increments} increments once`, async () => {
    const record = redisRecord({ data: Buffer.from("0") });
    await backend.create(record);
    let requests = 0;
    proxy.treat((request) => {
      requests += 1;
      return requests % 7 === 0 && ofScripts(request) ? "lose" : "pass";
    });
    let refused = 0;
    for (let done = 0; done < increments; ) {
      const current = await direct.load(record.id);
      const next = followingRecord(current ?? record, { data: Buffer.from(String(done + 1)) });
      // What is told as failed may have been done: the next load shows it.
      const isSaved = await backend.save(next).catch(() => false);
      if (!isSaved) refused += 1;
      const after = await direct.load(record.id);
      if (isSaved) expect(after?.writeId).toBe(next.writeId);
      if (after?.writeId === next.writeId) done += 1;
    }
    proxy.treat(() => "pass");
    expect(Buffer.from((await direct.load(record.id))?.data ?? []).toString()).toBe(String(increments));
    expect((await direct.load(record.id))?.revision).toBe(increments + 1);
    expect(refused).toBeLessThan(increments / 4);
  });
});

describe.each(backends)(
  "a save that %s sends again after more saves than a record names",
  (_name, backend) => {
    test("is told as unknown when it was made, and as refused when it was sent once", async () => {
      const record = redisRecord();
      await direct.create(record);
      await backend.load(record.id);
      proxy.treat((request) => (ofScripts(request) ? "silence" : "pass"));
      const unanswered = backend.save(followingRecord(record));
      const isMade = async (): Promise<boolean> => (await direct.load(record.id))?.revision === 2;
      await vi.waitFor(async () => expect(await isMade()).toBe(true));
      await saveOften({ ...record, revision: 2 });
      proxy.treat(() => "pass");
      proxy.cut();
      await expect(unanswered).rejects.toMatchObject({ code: "unavailable" });
      expect(await backend.save(followingRecord(record))).toBe(false);
      expect((await direct.load(record.id))?.revision).toBe(2 + others);
    });

    test("is told as refused when it was not made, since others came first", async () => {
      const record = redisRecord();
      await direct.create(record);
      await backend.load(record.id);
      await saveOften(record);
      expect(await backend.save(followingRecord(record))).toBe(false);
      const left = proxy.loseAnswers(1, ofScripts);
      const before = await direct.load(record.id);
      expect(await backend.save(followingRecord({ ...record, revision: others }))).toBe(false);
      expect(left()).toBe(0);
      proxy.treat(() => "pass");
      expect(await direct.load(record.id)).toEqual(before);
    });
  },
);

/** More than a record names. */
const others = 120;

async function saveOften(record: SessionRecord): Promise<void> {
  let last = record;
  for (let done = 0; done < others; done++) {
    last = followingRecord(last);
    expect(await direct.save(last)).toBe(true);
  }
}

describe("a deleted record", () => {
  test("is not brought back by its creation, sent again; another may have the id", async () => {
    const record = redisRecord({ indexed: { userId: 3 } });
    await direct.create(record);
    await direct.delete(record.id);
    expect(await direct.create(record)).toBe(false);
    expect(await direct.exists(record.id)).toBe(false);
    const another = { ...record, writeId: "another" };
    expect(await direct.create(another)).toBe(true);
    const { records } = await direct.abilities.find.find({ field: "userId", value: 3, limit: 9 });
    expect(records.map(({ writeId }) => writeId)).toEqual(["another"]);
  });

  test("leaves a mark of some bytes for a minute, and nothing to find", async () => {
    const record = redisRecord({ tenant: "marked", indexed: { userId: 4 } });
    await direct.create(record);
    await direct.delete(record.id);
    const redis = new Redis(server.port);
    const key = `sessions:r|${record.id}`;
    expect(await redis.strlen(key)).toBe(17 + record.writeId.length);
    expect(await redis.pttl(key)).toBeGreaterThan(50_000);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
    expect((await redis.keys("*4*")).filter((name) => name.includes(":i|"))).toEqual([]);
    redis.disconnect();
    const { records } = await direct.abilities.scan.scan({ limit: 100 });
    expect(records.map(({ id }) => id)).not.toContain(record.id);
    expect(await direct.touch(record.id, 1, record.expiresAt)).toBe(false);
    expect(await direct.save(followingRecord(record))).toBe(false);
  });
});
