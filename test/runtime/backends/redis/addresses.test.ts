import { createServer } from "node:net";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend, type RedisBackendOptions } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { redisRecord } from "./redis-record.js";

const server = await startRedis();
const host = `127.0.0.1:${server.port}`;
afterAll(() => server.stop());

async function errorOf(options: RedisBackendOptions): Promise<unknown> {
  const backend = createRedisBackend(options);
  try {
    return await backend.load("x").catch((error: unknown) => error);
  } finally {
    await backend.close();
  }
}

describe("an address that cannot be meant", () => {
  test.each<readonly [string, RedisBackendOptions, string]>([
    ["nothing", { url: "" }, "is like redis://"],
    ["a space before it", { url: ` redis://u:secret@${host}` }, "is like redis://"],
    ["another protocol", { url: `postgres://u:secret@${host}/db` }, "is like redis://"],
    ["an impossible port", { url: "redis://:secret@127.0.0.1:99999" }, "is like redis://"],
    ["a database by name", { url: `redis://:secret@${host}/sessions` }, "the number of a database"],
    ["a password with a %", { url: `redis://:secret%@${host}` }, "written as %25"],
    ["a database of a cluster", { cluster: [`redis://${host}/2`] }, "only the database 0"],
    [
      "a Sentinel's password with a %",
      { sentinels: { hosts: [`redis://:%secret@${host}`], name: "m" } },
      "written as %25",
    ],
    ["a database that Redis has not", { url: `redis://${host}/99` }, "refuses the database"],
  ])("%s is refused without repeating it", async (_name, options, text) => {
    const error = await errorOf(options);
    expect(error).toMatchObject({ code: "config", message: expect.stringContaining(text) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("secret");
  });

  test("no address at all is refused at once", () => {
    for (const options of [{ cluster: [] }, { sentinels: { hosts: [], name: "m" } }]) {
      expect(() => createRedisBackend(options)).toThrow(expect.objectContaining({ code: "config" }));
    }
  });
});

describe("an address that leads nowhere says why", () => {
  test.each<readonly [string, RedisBackendOptions]>([
    ["ECONNREFUSED", { url: "redis://127.0.0.1:1" }],
    ["WRONGPASS", { url: `redis://nobody:secret@${host}` }],
    ["it is no cluster", { cluster: [host] }],
    ["no Sentinel says where the master is", { sentinels: { hosts: [host], name: "m" } }],
  ])("%s", async (reason, options) => {
    const error = await errorOf(options);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(`(${reason})`) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("secret");
  });
});

test.each([
  ["a url", `redis://${host}/3`],
  ["a host and port", `${host}/3`],
])("the database of %s is where the records are", async (_name, url) => {
  const backend = createRedisBackend({ url });
  const record = redisRecord();
  await backend.create(record);
  await backend.close();
  const redis = new Redis(server.port, { db: 3 });
  expect(await redis.exists(`sessions:r|${record.id}`)).toBe(1);
  redis.disconnect();
});

test("a Sentinel without a port is at the usual one of Sentinels", async () => {
  const asked = new Promise<boolean>((resolve) => {
    const listener = createServer((socket) => {
      socket.destroy();
      listener.close(() => resolve(true));
    });
    // Of the whole net 127 that is this machine, an address that nobody else uses.
    listener.listen(26_379, "127.83.71.1");
  });
  await errorOf({ sentinels: { hosts: ["127.83.71.1"], name: "m" } });
  expect(await asked).toBe(true);
});
