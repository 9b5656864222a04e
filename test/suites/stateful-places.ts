import { join } from "node:path";
import { afterAll } from "vitest";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createDatabaseBackend } from "../../runtime/backends/database.js";
import { createFileBackend } from "../../runtime/backends/file.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { sharedServer } from "../servers/shared-server.js";
import type { PlaceBackend } from "./faults/place.js";
import { temporaryFolder } from "./faults/temporary-folder.js";

const folder = temporaryFolder();
const urls = {
  redis: await sharedServer("redis"),
  postgres: await sharedServer("postgres"),
  mysql: await sharedServer("mysql"),
  sqlite: join(folder, "sessions.sqlite"),
};

const columns = { userId: { column: "user_id", type: "integer" } } as const;

async function inDatabase(dialect: "sqlite" | "postgres" | "mysql"): Promise<PlaceBackend> {
  const table = `places_${crypto.randomUUID().replaceAll("-", "_")}`;
  const backend = createDatabaseBackend({ dialect, url: urls[dialect], table, columns });
  await backend.createTable();
  return backend;
}

const inRedis = (): PlaceBackend =>
  createRedisBackend({ url: urls.redis, prefix: `places-${crypto.randomUUID()}`, indexes: ["userId"] });

const inFiles = (): PlaceBackend =>
  createFileBackend({ directory: join(folder, crypto.randomUUID()), indexes: ["userId"] });

/** Every place that keeps sessions, with how it is opened, new and empty; on shared servers. */
export const statefulPlaces: Readonly<Record<string, () => PlaceBackend | Promise<PlaceBackend>>> = {
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

/** Opens one of them until the end of the test file. */
export async function openStateful(open: () => PlaceBackend | Promise<PlaceBackend>): Promise<PlaceBackend> {
  const place = await open();
  opened.push(place);
  return place;
}
