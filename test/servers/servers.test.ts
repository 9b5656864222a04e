import { existsSync } from "node:fs";
import { Redis } from "ioredis";
import mysql from "mysql2/promise";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { ask } from "./ask.js";
import { isInstalled } from "./installed.js";
import { startMariadb } from "./mariadb.js";
import { startMemcached } from "./memcached.js";
import { startPostgres } from "./postgres.js";
import { startRedis } from "./redis.js";
import type { TestServer } from "./test-server.js";

let server: TestServer | undefined;
afterEach(() => server?.stop());

/** Pauses it while a call is under way; answers whether the call came back before and after it was let go on. */
async function pausedCall({ pause, resume }: TestServer, call: () => Promise<unknown>): Promise<unknown> {
  pause();
  let isAnswered = false;
  const answer = call().then(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const whilePaused = isAnswered;
  resume();
  await answer;
  return [whilePaused, isAnswered];
}

describe.skipIf(!isInstalled("redis"))("Redis", () => {
  test("pauses, goes on, and keeps what it acknowledged when it is durable", async () => {
    server = await startRedis({ durable: true });
    const client = new Redis(server.url).on("error", () => {});
    await client.set("name", "value");
    expect(await pausedCall(server, () => client.get("name"))).toEqual([false, true]);
    const before = server.pid;
    await server.kill();
    await server.restart();
    expect([await client.get("name"), server.pid === before]).toEqual(["value", false]);
    client.disconnect();
  });

  test("ends when it is stopped", async () => {
    server = await startRedis();
    const { pid, port } = server;
    await server.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    await expect(ask(port, "PING", "+PONG")).rejects.toThrow("ECONNREFUSED");
  });

  test("says what is wrong when it does not start", async () => {
    await expect(startRedis({ settings: { "no-such-setting": "1" } })).rejects.toThrow("no-such-setting");
  });
});

describe.skipIf(!isInstalled("postgres"))("PostgreSQL", () => {
  test("pauses with its connections, goes on, and keeps what it acknowledged", async () => {
    server = await startPostgres();
    const pool = new pg.Pool({ connectionString: server.url }).on("error", () => {});
    await pool.query("create table kept (name text)");
    await pool.query("insert into kept values ('value')");
    expect(await pausedCall(server, () => pool.query("select 1"))).toEqual([false, true]);
    await server.restart();
    expect((await pool.query("select * from kept")).rows).toEqual([{ name: "value" }]);
    await pool.end();
  });
});

describe.skipIf(!isInstalled("mysql"))("MariaDB", () => {
  test("pauses, goes on, and keeps what it acknowledged", async () => {
    server = await startMariadb();
    const pool = mysql.createPool(server.url);
    await pool.query("create table kept (name text)");
    await pool.query("insert into kept values ('value')");
    expect(await pausedCall(server, () => pool.query("select 1"))).toEqual([false, true]);
    await pool.end();
    await server.restart();
    const later = mysql.createPool(server.url);
    expect((await later.query("select * from kept"))[0]).toEqual([{ name: "value" }]);
    await later.end();
  });
});

describe.skipIf(!isInstalled("memcached"))("Memcached", () => {
  test("pauses and goes on", async () => {
    server = await startMemcached();
    const { port } = server;
    expect(await pausedCall(server, () => ask(port, "version", "VERSION"))).toEqual([false, true]);
  });
});
