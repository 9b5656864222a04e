import { join } from "node:path";
import { createCachedBackend } from "../../../runtime/backends/cached.js";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { type BackendMethod, surround } from "../../../runtime/backends/layer.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../../runtime/backends/replicated.js";
import {
  openSessions,
  type SessionKind,
  type SessionsFor,
  type StoredSessionsOptions,
} from "../../../runtime/index.js";
import { sharedServer } from "../../servers/shared-server.js";
import type { PlaceAbilities, PlaceBackend } from "../../suites/faults/place.js";
import { folderOfFile } from "../../suites/faults/temporary-folder.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";

const urls = {
  redis: await sharedServer("redis"),
  postgres: await sharedServer("postgres"),
  mysql: await sharedServer("mysql"),
  get sqlite() {
    return join(folderOfFile(), "sessions.sqlite");
  },
};

/** Opens one store, as a version of the app does that keeps these indexes. The first one to open it makes it. */
export type OpenVersion = (indexes: readonly string[]) => Promise<PlaceBackend>;

const columnOf = {
  userId: { column: "user_id", type: "integer" },
  visits: { column: "visits", type: "integer" },
} as const;

function inDatabase(dialect: "sqlite" | "postgres" | "mysql"): OpenVersion {
  const table = `reindex_${crypto.randomUUID().replaceAll("-", "_")}`;
  let isMade = false;
  return async (indexes) => {
    const columns = Object.fromEntries(Object.entries(columnOf).filter(([field]) => indexes.includes(field)));
    const place = { dialect, url: urls[dialect], table };
    if (!isMade) await createDatabaseBackend({ ...place, columns: columnOf }).createTable();
    isMade = true;
    return createDatabaseBackend({ ...place, columns });
  };
}

function inRedis(): OpenVersion {
  const prefix = `reindex-${crypto.randomUUID()}`;
  return async (indexes) => createRedisBackend({ url: urls.redis, prefix, indexes });
}

function inFiles(): OpenVersion {
  const directory = join(folderOfFile(), crypto.randomUUID());
  return async (indexes) => createFileBackend({ directory, indexes });
}

/** Every kind of store, each call a new one. */
export const stores = {
  memory: () => {
    const backend = createMemoryBackend();
    // As others would reach it.
    return async () => surround(backend, (_method, call, options) => call(options));
  },
  Redis: inRedis,
  SQLite: () => inDatabase("sqlite"),
  PostgreSQL: () => inDatabase("postgres"),
  MySQL: () => inDatabase("mysql"),
  files: inFiles,
  "Redis in front of PostgreSQL": () => {
    const [cache, store] = [inRedis(), inDatabase("postgres")];
    return async (indexes) =>
      createCachedBackend({ cache: await cache([]), store: await store(indexes), deadline: 0.05 });
  },
  "SQLite with a copy in files": () => {
    const [primary, secondary] = [inDatabase("sqlite"), inFiles()];
    return async (indexes) =>
      createReplicatedBackend({
        primary: await primary(indexes),
        secondary: await secondary(indexes),
        deadline: "20s",
      });
  },
} satisfies Readonly<Record<string, () => OpenVersion>>;

/** The sessions of a version, and the calls of its backend so far. */
export interface Version {
  readonly sessions: SessionsFor<ShopSession, { readonly userId?: number }, PlaceAbilities>;
  readonly backend: PlaceBackend;
  readonly calls: BackendMethod[];
}

/** Opens a version of the app: `kind` says which indexes it keeps, and which are late or have ended. */
export async function openVersion(
  open: OpenVersion,
  kind: Partial<SessionKind<ShopSession>>,
  options: StoredSessionsOptions<PlaceAbilities> = {},
): Promise<Version> {
  const calls: BackendMethod[] = [];
  const backend = surround(await open(kind.indexes ?? []), (method, call, callOptions) => {
    calls.push(method);
    return call(callOptions);
  });
  const sessions = openSessions<ShopSession, { readonly userId?: number }, PlaceAbilities>(
    { ...shopKind, rotation: false, deadline: "20s", ...kind },
    { ...options, backend },
    () => backend,
  );
  return { sessions, backend, calls };
}

/** Before the index on `userId`, and with it. */
export const before = { indexes: ["visits"] };
export const after = { indexes: ["visits", "userId"], lateIndexes: ["userId"] };
