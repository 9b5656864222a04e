import { Cluster, Redis } from "ioredis";
import { Cluster as Cluster6 } from "ioredis6";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedisCluster } from "../../../servers/redis-cluster.js";
import { until } from "../../../servers/until.js";
import { backendSuite } from "../../../suites/backend.js";
import { everyAbility } from "../../../suites/everything.js";
import { isNightly } from "../../../suites/faults/scale.js";
import { runToItsEnd } from "./run-to-its-end.js";
import { startWriters } from "./steady-writers.js";

const cluster = await startRedisCluster();
const own = createRedisBackend({ cluster: cluster.urls, prefix: "own" });
const six = new Cluster6([...cluster.urls]);
const ofSix = createRedisBackend({ redis: six, prefix: "six*" });
const five = new Cluster([...cluster.urls], { keyPrefix: "app:" });
const ofFive = createRedisBackend({ redis: five, prefix: "five" });

afterAll(async () => {
  for (const client of [five, six]) client.disconnect();
  await own.close();
  await cluster.stop();
});

backendSuite("redis cluster, by its own connections", () => own, { abilities: everyAbility });
backendSuite("redis cluster, by the app's ioredis 5", () => ofFive, { abilities: everyAbility });
// In every run ioredis 6 is tried on one server.
if (isNightly)
  backendSuite("redis cluster, by the app's ioredis 6", () => ofSix, { abilities: everyAbility });

/** Moves a slot as `redis-cli --cluster reshard` does, key by key. */
async function moveSlot(slot: number, from: Redis, to: Redis, port: number): Promise<void> {
  const [fromId, toId] = await Promise.all([from.cluster("MYID"), to.cluster("MYID")]);
  await to.cluster("SETSLOT", slot, "IMPORTING", String(fromId));
  await from.cluster("SETSLOT", slot, "MIGRATING", String(toId));
  for (;;) {
    const keys = await from.cluster("GETKEYSINSLOT", slot, 10);
    if (keys.length === 0) break;
    await from.call("MIGRATE", "127.0.0.1", port, "", 0, 5000, "KEYS", ...keys.map(String));
  }
  for (const node of [to, from]) await node.cluster("SETSLOT", slot, "NODE", String(toId));
}

describe("a Redis Cluster", () => {
  test("is let go of: the process ends", async () => {
    expect(await runToItsEnd({ cluster: cluster.urls })).toBe("null 0");
  });

  test("loses and doubles nothing when slots move under load", async () => {
    const writers = await startWriters(own, 30);
    const [first, second] = [cluster.nodes[0], cluster.nodes[1]];
    if (first === undefined || second === undefined) throw new Error("There is no node.");
    const [from, to] = [new Redis(first.port), new Redis(second.port)];
    const slots = await Promise.all(
      writers.ids.map((id) => from.cluster("KEYSLOT", `own:r|${id}`).then(Number)),
    );
    const moving = [...new Set(slots)].filter((slot) => slot < 5461);
    expect(moving.length).toBeGreaterThan(0);
    for (const slot of moving) await moveSlot(slot, from, to, second.port);
    const seen = [...writers.writtenAt.values()].length;
    expect(seen).toBe(30);
    await until(() => [...writers.acknowledged.values()].every((revision) => revision > 20), {
      what: "every writer goes on",
    });
    expect(await writers.stop()).toBe(0);
    for (const id of writers.ids) {
      expect((await own.load(id))?.revision).toBe(writers.acknowledged.get(id));
    }
    const found = await own.abilities.find.find({ field: "userId", value: 1, limit: 1000 });
    expect(found.records.filter(({ id }) => writers.ids.includes(id))).toHaveLength(10);
    for (const node of [from, to]) node.disconnect();
  });

  test.each([
    ["is killed", "kill", 12_000],
    ["stands still", "pause", 8000],
  ] as const)(
    "goes on within two seconds after a replica has taken over from a master that %s",
    async (_name, fault, slot) => {
      const writers = await startWriters(own, 30);
      const master = await cluster.masterOf(slot);
      const isWarm = (): boolean => writers.ids.every((id) => (writers.acknowledged.get(id) ?? 0) > 5);
      await until(isWarm, { what: "all write, and the replicas have them" });
      await master[fault]();
      const isTakenOver = async (): Promise<boolean> => (await cluster.masterOf(slot)).port !== master.port;
      await until(isTakenOver, { what: "a replica took over" });
      const takenOver = performance.now();
      await until(() => [...writers.writtenAt.values()].every((at) => at > takenOver), {
        what: "all write again",
      });
      expect(performance.now() - takenOver).toBeLessThan(2000);
      await writers.stop();
      for (const id of writers.ids) expect(await own.exists(id)).toBe(true);
    },
  );
});
