import { join } from "node:path";
import { createCachedBackend } from "@session-gen/runtime/backends/cached";
import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
import { createFileBackend } from "@session-gen/runtime/backends/file";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { createRedisBackend } from "@session-gen/runtime/backends/redis";
import { createReplicatedBackend } from "@session-gen/runtime/backends/replicated";
import { afterAll, expect, test } from "vitest";
import { sharedServer } from "../servers/shared-server.js";
import type { PlaceBackend } from "../suites/faults/place.js";
import { temporaryFolder } from "../suites/faults/temporary-folder.js";
import { mustLoad, openOver, stored } from "./fixture/open.js";

const folder = temporaryFolder();
const urls = {
  redis: await sharedServer("redis"),
  postgres: await sharedServer("postgres"),
  mysql: await sharedServer("mysql"),
  sqlite: join(folder, "sessions.sqlite"),
};

const columns = { userId: { column: "user_id", type: "integer" } } as const;

async function inDatabase(dialect: "sqlite" | "postgres" | "mysql"): Promise<PlaceBackend> {
  const table = `search_${crypto.randomUUID().replaceAll("-", "_")}`;
  const backend = createDatabaseBackend({ dialect, url: urls[dialect], table, columns });
  await backend.createTable();
  return backend;
}

const inRedis = (): PlaceBackend =>
  createRedisBackend({ url: urls.redis, prefix: `search-${crypto.randomUUID()}`, indexes: ["userId"] });

const inFiles = (): PlaceBackend =>
  createFileBackend({ directory: join(folder, crypto.randomUUID()), indexes: ["userId"] });

const places: Readonly<Record<string, () => PlaceBackend | Promise<PlaceBackend>>> = {
  memory: () => createMemoryBackend(),
  Redis: inRedis,
  SQLite: () => inDatabase("sqlite"),
  PostgreSQL: () => inDatabase("postgres"),
  MySQL: () => inDatabase("mysql"),
  files: inFiles,
  "Redis in front of PostgreSQL": async () =>
    createCachedBackend({ cache: inRedis(), store: await inDatabase("postgres") }),
  "MySQL with a copy in files": async () =>
    createReplicatedBackend({ primary: await inDatabase("mysql"), secondary: inFiles() }),
};

const opened: PlaceBackend[] = [];
afterAll(async () => {
  for (const backend of opened) await backend.close?.();
});

test.each(Object.entries(places))(
  "%s: a user's sessions are found, counted and ended but for one, and nobody else's",
  async (_name, open) => {
    const place = await open();
    opened.push(place);
    // Finer than any store's milliseconds, as `performance` tells the time.
    const { sessions } = openOver(place, { clock: () => Date.now() + 0.25, deadline: "20s" });
    const user = { userId: 7 };
    const keys = await Promise.all([1, 2, 3, 4].map((visits) => stored(sessions, { ...user, visits })));
    const others = await Promise.all([undefined, 8].map((userId) => stored(sessions, { userId })));
    expect([await sessions.count(user), await sessions.count()]).toEqual([4, 6]);
    const found: number[] = [];
    for await (const { data } of sessions.find(user)) found.push(data.visits);
    expect(found.sort()).toEqual([1, 2, 3, 4]);
    const kept = await mustLoad(sessions, keys[1] ?? "");
    kept.visits += 10;
    await kept.cycleKey();
    await kept.touch();
    expect(await sessions.revoke(user, { except: kept })).toBe(3);
    for (const key of keys) expect(await sessions.load(key)).toBeNull();
    expect((await mustLoad(sessions, kept.key ?? "")).visits).toBe(12);
    expect(await sessions.revoke({ ...user, handle: kept.handle ?? "" })).toBe(1);
    expect([await sessions.count(user), await sessions.load(kept.key ?? "")]).toEqual([0, null]);
    for (const key of others) await mustLoad(sessions, key);
    expect([await sessions.revokeAll(), await sessions.count()]).toEqual([2, 0]);
  },
);
