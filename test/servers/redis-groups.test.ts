import { Cluster, Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { isInstalled } from "./installed.js";
import { startRedisCluster } from "./redis-cluster.js";
import { startSentinel } from "./redis-sentinel.js";

const soon = { timeout: 20_000, interval: 100 };

describe.skipIf(!isInstalled("redis"))("Redis in a group", () => {
  test("a cluster serves every slot, and a replica takes over from a master that is killed", async () => {
    const cluster = await startRedisCluster();
    const client = new Cluster([...cluster.urls], { clusterRetryStrategy: () => 100 });
    client.on("error", () => {});
    const names = Array.from({ length: 50 }, (_, index) => `name-${index}`);
    await Promise.all(names.map((name) => client.set(name, "value")));
    const before = await cluster.masterOf(0);
    await before.kill();
    await expect.poll(async () => (await cluster.masterOf(0)).port, soon).not.toBe(before.port);
    await expect
      .poll(() => Promise.all(names.map((name) => client.set(name, "again"))), soon)
      .toHaveLength(50);
    client.disconnect();
    await cluster.stop();
  });

  test("sentinels make a replica the master when the master is killed", async () => {
    const group = await startSentinel();
    const sentinels = group.sentinels.map(({ port }) => ({ host: "127.0.0.1", port }));
    const client = new Redis({ sentinels, name: group.name, sentinelRetryStrategy: () => 100 });
    client.on("error", () => {});
    await client.set("name", "value");
    const before = await group.master();
    expect(before.port).toBe(group.nodes[0]?.port);
    await before.kill();
    await expect.poll(async () => (await group.master()).port, soon).not.toBe(before.port);
    await expect.poll(() => client.set("name", "again"), soon).toBe("OK");
    client.disconnect();
    await group.stop();
  });
});
