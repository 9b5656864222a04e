import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { env } from "../../../../runtime/platform/env.js";
import { startRedis } from "../../../servers/redis.js";
import type { TestServer } from "../../../servers/test-server.js";
import { redisRecord } from "./redis-record.js";

let server: TestServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
afterEach(() => vi.unstubAllEnvs());

test("the prefix may come from the environment, which is read at first use", async () => {
  const backend = createRedisBackend({ url: server.url, prefix: env("TEST_PREFIX") });
  await expect(backend.load("x")).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("TEST_PREFIX"),
  });
  vi.stubEnv("TEST_PREFIX", "staging");
  expect(await backend.create(redisRecord({ id: "one" }))).toBe(true);
  const client = new Redis(server.url);
  expect(await client.keys("*")).toContain("staging:r|one");
  await client.quit();
  await backend.close();
});

test("an empty variable is none: its default is taken", async () => {
  vi.stubEnv("TEST_PREFIX", "");
  const backend = createRedisBackend({ url: server.url, prefix: env("TEST_PREFIX", "default") });
  expect(await backend.create(redisRecord({ id: "two" }))).toBe(true);
  const client = new Redis(server.url);
  expect(await client.keys("*")).toContain("default:r|two");
  await client.quit();
  await backend.close();
});

test("one that could be taken for another is refused there too", async () => {
  vi.stubEnv("TEST_PREFIX", "a|b");
  const backend = createRedisBackend({ url: server.url, prefix: env("TEST_PREFIX") });
  await expect(backend.load("x")).rejects.toMatchObject({ code: "config" });
  await backend.close();
});
