import { afterAll, describe } from "vitest";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.js";
import { type RedisSentinel, startSentinel } from "../servers/redis-sentinel.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { everyServerFault } from "../suites/faults/every-server-fault.js";
import { freezeFaults } from "../suites/faults/freeze.js";
import { createPlace } from "../suites/faults/place.js";
import { sharedLogoutFault } from "../suites/faults/processes.js";
import { isNightly } from "../suites/faults/scale.js";
import { terminationFault } from "../suites/faults/terminate.js";

describe.skipIf(!isInstalled("redis"))("Redis", async () => {
  const server = await startRedis();
  const backend = await createPlace("redis", server.url);
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("Redis", () => backend);
  const shared = { name: "Redis", place: "redis", url: server.url } as const;
  sharedLogoutFault(shared);
  terminationFault(shared);
  everyServerFault({ name: "Redis", place: "redis", start: () => startRedis({ durable: true }) });
});

// What one master does to a group is tried in every run, in test/runtime/backends/redis.
if (isNightly && isInstalled("redis")) {
  let cluster: RedisCluster;
  freezeFaults({
    name: "Redis Cluster",
    start: async () => {
      cluster = await startRedisCluster();
      return cluster;
    },
    open: () => createRedisBackend({ cluster: cluster.urls }),
  });
  let group: RedisSentinel;
  freezeFaults({
    name: "Redis behind Sentinels",
    start: async () => {
      group = await startSentinel();
      return group;
    },
    open: () => createRedisBackend({ sentinels: { hosts: group.hosts, name: group.name } }),
  });
}
