import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryLedger } from "../../runtime/admin/copy/copy-ledger.js";
import type { CopySource } from "../../runtime/admin/copy/copy-options.js";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createDatabaseBackend } from "../../runtime/backends/database.js";
import { createFileBackend } from "../../runtime/backends/file.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { copySessions } from "../../runtime/index.js";
import { sharedServer } from "../servers/shared-server.js";
import { openShop } from "../suites/shop-kind.js";

const folder = mkdtempSync(join(tmpdir(), "session-gen-copy-"));
const redis = await sharedServer("redis");
const postgres = await sharedServer("postgres");
const mysql = await sharedServer("mysql");
const columns = { userId: { column: "user_id", type: "integer" } } as const;
const opened: CopySource[] = [];

afterAll(async () => {
  for (const backend of opened) await backend.close?.();
  rmSync(folder, { recursive: true });
});

async function sql(options: { dialect: "sqlite" | "postgres" | "mysql"; url: string }): Promise<CopySource> {
  const table = `copy_${crypto.randomUUID().replaceAll("-", "_")}`;
  const backend = createDatabaseBackend({ ...options, table, columns });
  await backend.createTable();
  return backend;
}

const places: Readonly<Record<string, () => CopySource | Promise<CopySource>>> = {
  memory: () => createMemoryBackend(),
  SQLite: () => sql({ dialect: "sqlite", url: join(folder, `${crypto.randomUUID()}.sqlite`) }),
  PostgreSQL: () => sql({ dialect: "postgres", url: postgres }),
  MySQL: () => sql({ dialect: "mysql", url: mysql }),
  Redis: () => createRedisBackend({ url: redis, prefix: `copy-${crypto.randomUUID()}`, indexes: ["userId"] }),
  file: () => createFileBackend({ directory: join(folder, crypto.randomUUID()), indexes: ["userId"] }),
};

/** Those that are made of two others. */
const composed: Readonly<Record<string, (first: CopySource, second: CopySource) => CopySource>> = {
  cached: (cache, store) => createCachedBackend({ cache, store }),
  replicated: (primary, secondary) => createReplicatedBackend({ primary, secondary }),
};

async function open(name: string): Promise<CopySource> {
  const compose = composed[name];
  const backend = await (compose === undefined
    ? places[name]?.()
    : compose(await open("Redis"), await open("SQLite")));
  if (backend === undefined) throw new Error(`there is no ${name}`);
  opened.push(backend);
  return backend;
}

describe.each([
  ["memory", "SQLite"],
  ["SQLite", "memory"],
  ["memory", "Redis"],
  ["Redis", "PostgreSQL"],
  ["PostgreSQL", "file"],
  ["file", "MySQL"],
  ["MySQL", "cached"],
  ["cached", "replicated"],
  ["replicated", "Redis"],
])("from %s to %s, while the source is in use", (source, target) => {
  test("nothing is lost, nothing comes back, and nothing differs once the traffic has stopped", async () => {
    const [from, to] = [await open(source), await open(target)];
    const traffic = startTraffic(from);
    await traffic.served(80);
    const ledger = createMemoryLedger();
    const first = await copySessions({ from, to, ledger, batchSize: 20, passes: 3, deadline: "20s" });
    expect(first.created).toBeGreaterThan(20);
    const { live, ended } = await traffic.stop();
    const last = await copySessions({ from, to, ledger, batchSize: 20, verify: true });
    expect(last).toMatchObject({
      ...{ outcome: "complete", sessions: expect.any(Number), newer: 0 },
      verified: { different: 0, foreign: 0 },
    });
    const sessions = openShop(to);
    for (const [key, visits] of live) expect((await sessions.load(key))?.visits).toBe(visits);
    for (const key of ended) expect(await sessions.load(key)).toBeNull();
    expect([live.size > 20, ended.length > 5]).toEqual([true, true]);
  });
});

/** Users who come, visit, get other keys and leave, three at a time, until they are stopped. */
function startTraffic(backend: CopySource) {
  // A busy machine is no fault here.
  const sessions = openShop(backend, { deadline: "20s" });
  const live = new Map<string, number>();
  const ended: string[] = [];
  let isStopped = false;
  let served = 0;

  const visit = async (key: string): Promise<void> => {
    const visits = live.get(key);
    live.delete(key);
    const session = await sessions.load(key);
    if (session === null || visits === undefined) throw new Error("a session was lost at the source");
    const dice = Math.random();
    if (dice < 0.3) {
      await session.destroy();
      ended.push(key);
      return;
    }
    session.visits += 1;
    await (dice < 0.5 ? session.cycleKey() : session.save());
    if (session.key !== key) ended.push(key);
    live.set(session.key ?? "", visits + 1);
  };
  const user = async (): Promise<void> => {
    for (; !isStopped; served += 1) {
      // Memory answers in the same turn, and would let nobody else in.
      await new Promise((resolve) => setImmediate(resolve));
      const [oldest] = live.size > 40 ? live.keys() : [];
      if (oldest !== undefined) await visit(oldest);
      else live.set(await sessions.create({ userId: served, visits: 1 }).ensureKey(), 1);
    }
  };
  const users = Promise.all([user(), user(), user()]);
  return {
    served: async (count: number): Promise<void> => {
      while (served < count) await new Promise((resolve) => setImmediate(resolve));
    },
    stop: async () => {
      isStopped = true;
      await users;
      return { live, ended };
    },
  };
}
