import { afterAll, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { openOver } from "../../fixture/open.js";
import { redisRecord } from "./redis-record.js";

const prefix = `sweeps-${crypto.randomUUID()}`;
const backend = createRedisBackend({ url: await sharedServer("redis"), prefix });
afterAll(() => backend.close());

test("expired records far behind many others are deleted, though no call has the time to come to them", async () => {
  const alive = Array.from({ length: 3000 }, () => redisRecord());
  const over = Array.from({ length: 3 }, () => redisRecord({ expiresAt: Date.now() - 1 }));
  await Promise.all([...alive, ...over].map((record) => backend.create(record)));
  let time = 0;
  // Every look at the clock finds it later than any patience.
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (time += 10_000));
  const { sweep } = backend.abilities;
  expect([await sweep.deleteExpired(1, 1000), sweep.isMidway?.()]).toEqual([0, true]);
  expect(await openOver(backend, { clock: Date.now }).sessions.cleanupExpired()).toBe(3);
  expect(sweep.isMidway?.()).toBe(false);
  clock.mockRestore();
  const left = await Promise.all([...alive, ...over].map(({ id }) => backend.exists(id)));
  expect(left.filter(Boolean)).toHaveLength(3000);
});
