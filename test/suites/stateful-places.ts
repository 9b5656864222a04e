import { join } from "node:path";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createDatabaseBackend, type IndexColumn } from "../../runtime/backends/database.js";
import { createFileBackend } from "../../runtime/backends/file.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { sharedServer } from "../servers/shared-server.js";
import { atEndOfFile } from "./end-of-file.js";
import type { PlaceBackend } from "./faults/place.js";
import { folderOfFile } from "./faults/temporary-folder.js";

const urls = {
  redis: await sharedServer("redis"),
  postgres: await sharedServer("postgres"),
  mysql: await sharedServer("mysql"),
  get sqlite() {
    return join(folderOfFile(), "sessions.sqlite");
  },
};

/** What a place has to know of its records. */
export interface PlaceNeeds {
  /** Indexed values are stored as hashes, so as text. */
  readonly isEncrypted?: boolean;
}

const columnsFor = ({ isEncrypted }: PlaceNeeds): Readonly<Record<string, IndexColumn>> => ({
  userId: { column: "user_id", type: isEncrypted ? "text" : "integer" },
  label: { column: "label", type: "text" },
  admin: { column: "admin", type: isEncrypted ? "text" : "boolean" },
});

async function inDatabase(
  dialect: "sqlite" | "postgres" | "mysql",
  needs: PlaceNeeds,
): Promise<PlaceBackend> {
  const columns = columnsFor(needs);
  const table = `places_${crypto.randomUUID().replaceAll("-", "_")}`;
  const backend = createDatabaseBackend({ dialect, url: urls[dialect], table, columns });
  await backend.createTable();
  return backend;
}

const indexes = Object.keys(columnsFor({}));

const inRedis = (): PlaceBackend =>
  createRedisBackend({ url: urls.redis, prefix: `places-${crypto.randomUUID()}`, indexes });

const inFiles = (): PlaceBackend =>
  createFileBackend({ directory: join(folderOfFile(), crypto.randomUUID()), indexes });

type OpenPlace = (needs: PlaceNeeds) => PlaceBackend | Promise<PlaceBackend>;

/** Every place that keeps sessions, with how it is opened, new and empty; on shared servers. */
export const statefulPlaces = {
  memory: () => createMemoryBackend(),
  Redis: inRedis,
  SQLite: (needs) => inDatabase("sqlite", needs),
  PostgreSQL: (needs) => inDatabase("postgres", needs),
  MySQL: (needs) => inDatabase("mysql", needs),
  files: inFiles,
  "Redis in front of PostgreSQL": async (needs) =>
    createCachedBackend({ cache: inRedis(), store: await inDatabase("postgres", needs) }),
  "MySQL with a copy in files": async (needs) =>
    createReplicatedBackend({
      primary: await inDatabase("mysql", needs),
      secondary: inFiles(),
      // A hundred who want one place of a tenant wait for each other: that is no outage.
      deadline: "20s",
    }),
} satisfies Readonly<Record<string, OpenPlace>>;

/** The name of one of them. */
export type StatefulPlace = keyof typeof statefulPlaces;

/** Opens one of them until the end of the test file. */
export async function openStateful(open: OpenPlace, needs: PlaceNeeds = {}): Promise<PlaceBackend> {
  const place = await open(needs);
  atEndOfFile(() => place.close?.());
  return place;
}
