import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { withDeadline } from "../../../../runtime/backends/deadline.js";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { startTcpProxy } from "../../../servers/tcp-proxy.js";
import { redisRecord } from "./redis-record.js";

const server = await startRedis();
const proxy = await startTcpProxy(server.port);
const backend = createRedisBackend({ url: proxy.urlOf(server.url) });
afterAll(async () => {
  await backend.close();
  await proxy.close();
  await server.stop();
});

test("among many keys of others, all records are found within the deadline of each call, though answers take 15 ms", async () => {
  const redis = new Redis(server.port);
  for (let from = 0; from < 30_000; from += 1000) {
    await redis.mset(Array.from({ length: 1000 }, (_, at) => [`others:${from + at}`, "x"]).flat());
  }
  redis.disconnect();
  const records = Array.from({ length: 20 }, () => redisRecord());
  await Promise.all(records.map((record) => backend.create(record)));
  proxy.treat(() => 15);
  const bounded = withDeadline(backend, 2000);
  const everyId = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page: Awaited<ReturnType<typeof backend.abilities.scan.scan>> = await bounded.abilities.scan.scan(
        { after, limit: 7 },
      );
      ids.push(...page.records.map(({ id }) => id));
      after = page.next;
    }
    return ids;
  };
  const expected = records.map(({ id }) => id).sort();
  expect(await Promise.all([everyId(), everyId(), everyId()])).toEqual([expected, expected, expected]);
}, 60_000);
