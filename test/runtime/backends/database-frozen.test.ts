import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { startMariadb } from "../../servers/mariadb.js";
import { startPostgres } from "../../servers/postgres.js";
import { startTcpProxy } from "../../servers/tcp-proxy.js";
import type { TestServer } from "../../servers/test-server.js";
import { until } from "../../servers/until.js";
import { plainRecord } from "./plain-record.js";
import { openBackend } from "./server-under-test.js";

const deadline = 300;

describe.each([
  ["postgres", startPostgres],
  ["mysql", startMariadb],
] as const)("%s", (dialect, start) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server.stop());

  test("frozen: closing does not wait for it, and leaves no connection behind", async () => {
    const connections = () =>
      process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    await expect.poll(connections).toBe(0);
    const backend = openBackend({ dialect, url: server.url });
    await backend.createTable();
    expect(connections()).toBeGreaterThan(0);
    server.pause();
    const call = backend.exists("one").catch((error: { code: string }) => error.code);
    await backend.close();
    try {
      await expect.poll(connections).toBe(0);
      expect(await call).toBe("unavailable");
    } finally {
      server.resume();
    }
  }, 30_000);

  test("frozen: every call is answered in time, also the first; all goes on when it does", async () => {
    const backend = openBackend({ dialect, url: server.url });
    await backend.createTable();
    const known = withDeadline(backend, deadline);
    const fresh = withDeadline(openBackend({ dialect, url: server.url }, { table: "fresh" }), deadline);
    expect(await known.exists("one")).toBe(false);
    server.pause();
    for (let wave = 0; wave < 3; wave++) {
      const begin = performance.now();
      const calls = Array.from({ length: 50 }, (_, at) => (at % 2 ? known : fresh).exists("one"));
      for (const call of await Promise.allSettled(calls))
        expect(call).toMatchObject({ reason: { code: expect.stringMatching(/^(?:timeout|unavailable)$/) } });
      // Tests run on busy machines: a wave is over long before a connection would give up by itself.
      expect(performance.now() - begin).toBeLessThan(deadline + 1000);
    }
    server.resume();
    await expect.poll(() => known.exists("one").catch(() => "down"), { timeout: 2000 }).toBe(false);
    const answer = () => fresh.exists("one").catch((error: { code: string }) => error.code);
    await expect.poll(answer, { timeout: 2000 }).toBe("config");
  }, 30_000);

  test("its connections lost without a word: the pool recovers within two seconds of the calls that noticed", async () => {
    const proxy = await startTcpProxy(server.port);
    const backend = openBackend({ dialect, url: proxy.urlOf(server.url) });
    await backend.createTable();
    const bounded = withDeadline(backend, 2000);
    await Promise.all(Array.from({ length: 20 }, () => bounded.exists("one")));
    proxy.treat(() => "silence");
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => bounded.exists("one")));
    expect(calls.every(({ status }) => status === "rejected")).toBe(true);
    proxy.treat(() => "pass");
    const began = performance.now();
    await until(() => bounded.exists("one").then((isThere) => !isThere), { what: "the pool has recovered" });
    expect(performance.now() - began).toBeLessThan(2500);
    await proxy.close();
  }, 30_000);

  test("killed and started again: the same backend goes on, and has what it was told", async () => {
    const backend = openBackend({ dialect, url: server.url });
    await backend.createTable();
    const kept = withDeadline(backend, deadline * 10);
    expect(await kept.create(plainRecord("one"))).toBe(true);
    await server.kill();
    await expect(kept.exists("one")).rejects.toMatchObject({ code: "unavailable" });
    await server.restart();
    await expect.poll(() => kept.exists("one").catch(() => "down"), { timeout: 2000 }).toBe(true);
  }, 60_000);
});
