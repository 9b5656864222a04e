import { Redis } from "ioredis";
import { expect, test, vi } from "vitest";
import { createChangeOver } from "../../../../runtime/backends/redis/change-over.js";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { until } from "../../../servers/until.js";
import { redisRecord } from "./redis-record.js";

const readOnly = new Error("READONLY You can't write against a read only replica.");

test("a replica is asked again for a moment, then a new connection is tried now and then", () => {
  let time = 1000;
  const react = createChangeOver(() => time);
  expect(react(new Error("OOM command not allowed"))).toBe(false);
  const reactions = Array.from({ length: 500 }, () => {
    time += 10;
    return react(readOnly);
  });
  const firstFailure = reactions.findIndex((reaction) => reaction !== 2);
  expect(firstFailure).toBe(150);
  const later = reactions.slice(firstFailure);
  const connections = later.filter((reaction) => reaction === 1).length;
  expect(later).not.toContain(2);
  expect(connections).toBeGreaterThanOrEqual(4);
  expect(connections).toBeLessThanOrEqual(9);
  time += 6000;
  expect(react(readOnly)).toBe(2);
});

test("while Redis stays read-only, writes fail at once, reads go on, and nothing piles up", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const server = await startRedis();
  const backend = createRedisBackend({ url: server.url });
  const admin = new Redis(server.url);
  const record = redisRecord({});
  expect(await backend.create(record)).toBe(true);
  await admin.replicaof("127.0.0.1", "1");
  const write = async (): Promise<unknown> =>
    backend.create(redisRecord({})).catch((error: unknown) => error);
  const firsts = Array.from({ length: 20 }, write);
  await until(async () => (await timeOf(write)) < 100, { what: "a write fails at once" });
  for (const error of await Promise.all(firsts)) expect(error).toMatchObject({ code: "unavailable" });
  const before = await commandsOf(admin);
  for (let round = 0; round < 100; round += 1) {
    expect(await write()).toMatchObject({ code: "unavailable" });
    expect(await backend.load(record.id)).not.toBeNull();
  }
  // Those, what asks for their number, and what a few new connections ask first.
  expect((await commandsOf(admin)) - before).toBeLessThan(400);
  await admin.replicaof("NO", "ONE");
  await until(async () => (await write()) === true, { what: "writes go on" });
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
  admin.disconnect();
  await backend.close();
  await server.stop();
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function commandsOf(admin: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await admin.info("stats"))?.[1]);
}
