import { once } from "node:events";
import { createServer } from "node:net";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { env } from "../../../../runtime/platform/env.js";
import { freePort } from "../../../servers/free-port.js";
import { startRedis } from "../../../servers/redis.js";
import { until } from "../../../servers/until.js";
import { redisRecord } from "./redis-record.js";
import { runToItsEnd } from "./run-to-its-end.js";

const server = await startRedis();
// Redis lets its default user in with any password here.
const url = server.url.replace("//", "//default:the-password@");
const backend = createRedisBackend({ url });
const admin = new Redis(url);
admin.on("error", () => {});
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;

afterAll(async () => {
  admin.disconnect();
  await backend.close();
  await server.stop();
});

describe("a connection of the backend's own", () => {
  test("opens nothing and reads no env before first use", async () => {
    const before = sockets();
    const lazy = createRedisBackend({ url: env("SESSION_GEN_TEST_REDIS") });
    const sentinels = createRedisBackend({
      sentinels: { hosts: [env("SESSION_GEN_TEST_REDIS")], name: "m" },
    });
    await expect(lazy.load("x")).rejects.toMatchObject({ code: "config" });
    await expect(sentinels.load("x")).rejects.toMatchObject({ code: "config" });
    vi.stubEnv("SESSION_GEN_TEST_REDIS", url);
    expect(await lazy.load("x")).toBeNull();
    vi.unstubAllEnvs();
    await lazy.close();
    await until(() => sockets() === before, { what: "no connection is left" });
    await expect(lazy.load("x")).rejects.toMatchObject({ code: "unavailable" });
  });

  test("is let go of: the process ends", async () => {
    expect(await runToItsEnd({ url })).toBe("null 0");
  });

  test("is made anew when ioredis has given it up", async () => {
    const calls = vi.spyOn(Redis.prototype, "sendCommand");
    const own = createRedisBackend({ url });
    expect(await own.load("x")).toBeNull();
    const client = calls.mock.contexts.find((one) => one !== admin);
    calls.mockRestore();
    if (!(client instanceof Redis)) throw new Error("No command was seen.");
    // As it is left by a message of Sentinel's that comes while ioredis asks for the master.
    client.disconnect();
    await until(() => client.status === "end", { what: "it has ended" });
    expect(await own.load("x")).toBeNull();
    await own.close();
  });

  test("does not close the app's client", async () => {
    const given = createRedisBackend({ redis: admin });
    expect(await given.load("x")).toBeNull();
    await given.close();
    await expect(given.load("x")).rejects.toMatchObject({ code: "unavailable" });
    expect(await admin.ping()).toBe("PONG");
    expect(given.place).toBeUndefined();
  });

  test("shows no password, key or payload where something fails", async () => {
    const wrong = createRedisBackend({ url: server.url.replace("//", "//user:wrong-secret@") });
    const record = redisRecord({ data: Buffer.from("the-payload") });
    const errors = [await wrong.create(record).catch((error: unknown) => error)];
    await admin.lpush(`sessions:r|${record.id}`, "a list");
    errors.push(await backend.create(record).catch((error: unknown) => error));
    errors.push(await backend.delete(record.id).catch((error: unknown) => error));
    await wrong.close();
    const unreadable = "redis://:wrong-secret@[::1";
    for (const place of [{ url: unreadable }, { cluster: [unreadable] }]) {
      const error = await createRedisBackend(place)
        .load("x")
        .catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "config" });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("wrong-secret");
    }
    for (const error of errors) {
      expect(error).toMatchObject({ name: "SessionError", code: "unavailable" });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(
        new RegExp(`wrong-secret|the-password|the-payload|${record.id}`),
      );
    }
    expect(String(errors[2])).toContain("WRONGTYPE");
    expect(backend.place).not.toContain("the-password");
    expect(createRedisBackend({ cluster: ["redis://a:b@c:1"] }).place).not.toMatch(/b@/);
  });

  test("survives that the server ends it, idle or not", async () => {
    for (let round = 0; round < 3; round += 1) {
      await backend.load("x");
      await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await until(async () => (await backend.load("x")) === null, { what: "it answers", milliseconds: 2000 });
    }
  });

  test("is used soon after Redis has read its data, whatever it expected of that", async () => {
    let asked = 0;
    const starting = createServer((socket) =>
      socket.on("data", (commands) => {
        for (const command of commands
          .toString()
          .toLowerCase()
          .split(/\*\d+\r\n/)
          .slice(1)) {
          if (command.includes("\ninfo\r")) asked += 1;
          const info = asked === 1 ? "loading:1\r\nloading_eta_seconds:30\r\n" : "loading:0\r\n";
          if (command.includes("\ninfo\r")) socket.write(`$${info.length}\r\n${info}\r\n`);
          else socket.write(command.includes("\nget\r") ? "$-1\r\n" : "+OK\r\n");
        }
      }),
    );
    const port = await freePort();
    await once(starting.listen(port, "127.0.0.1"), "listening");
    const own = createRedisBackend({ url: `redis://127.0.0.1:${port}` });
    expect(await own.load("x")).toBeNull();
    await own.close();
    await once(starting.close(), "close");
  });
});
