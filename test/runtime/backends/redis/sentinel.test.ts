import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startSentinel } from "../../../servers/redis-sentinel.js";
import { until } from "../../../servers/until.js";
import { backendSuite } from "../../../suites/backend.js";
import { everyAbility } from "../../../suites/everything.js";
import { runToItsEnd } from "./run-to-its-end.js";
import { startWriters } from "./steady-writers.js";

const group = await startSentinel();
const backend = createRedisBackend({ sentinels: { hosts: group.hosts, name: group.name } });

afterAll(async () => {
  await backend.close();
  await group.stop();
});

backendSuite("redis behind sentinels", () => backend, { abilities: everyAbility });

describe("a Redis behind sentinels", () => {
  test("is let go of: the process ends", async () => {
    expect(await runToItsEnd({ sentinels: { hosts: group.hosts, name: group.name } })).toBe("null 0");
  });

  test.each([
    ["is killed", "kill"],
    ["stands still", "pause"],
  ] as const)(
    "goes on within two seconds after another has taken over from a master that %s",
    async (_name, fault) => {
      const writers = await startWriters(backend, 20);
      await until(() => writers.acknowledged.size === 20, { what: "all write" });
      const master = await group.master();
      await replicated(master.port);
      await master[fault]();
      await until(async () => (await group.master()).port !== master.port, {
        what: "there is another master",
      });
      const switched = performance.now();
      await until(() => [...writers.writtenAt.values()].every((at) => at > switched), {
        what: "all write again",
      });
      expect(performance.now() - switched).toBeLessThan(2000);
      await writers.stop();
      for (const id of writers.ids) {
        expect((await backend.load(id))?.revision).toBeGreaterThanOrEqual(writers.acknowledged.get(id) ?? 0);
      }
    },
    40_000,
  );
});

/** Resolves when a replica has what was written up to now: only that survives. */
async function replicated(port: number): Promise<void> {
  const redis = new Redis(port);
  // It is for what this connection has written.
  await redis.set("replicated", "yes");
  expect(await redis.wait(1, 10_000)).toBeGreaterThanOrEqual(1);
  redis.disconnect();
}
