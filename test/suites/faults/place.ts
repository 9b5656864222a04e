import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import type {
  BackendAbilities,
  Findable,
  Listable,
  Scannable,
  SessionBackend,
  Sweepable,
} from "../../../runtime/types/backend.js";

/** What every place that a fault is tested on can do. */
export interface PlaceAbilities extends BackendAbilities {
  readonly find: Findable;
  readonly list: Listable;
  readonly scan: Scannable;
  readonly sweep: Sweepable;
}

export type PlaceBackend = SessionBackend<PlaceAbilities>;

/** Where sessions are; by name, since the processes of a test can be told a name. */
export type PlaceName = keyof typeof places;

const columns = { userId: { column: "user_id", type: "integer" } } as const;

const places = {
  memory: () => createMemoryBackend(),
  sqlite: (url: string) => createDatabaseBackend({ dialect: "sqlite", url, columns }),
  postgres: (url: string) => createDatabaseBackend({ dialect: "postgres", url, columns }),
  mysql: (url: string) => createDatabaseBackend({ dialect: "mysql", url, columns }),
  redis: (url: string) => createRedisBackend({ url, indexes: ["userId"] }),
  file: (directory: string) => createFileBackend({ directory, indexes: ["userId"] }),
} satisfies Readonly<Record<string, (url: string) => PlaceBackend>>;

/** A backend of its own over what stands under the url: a file, a folder, a server. */
export function openPlace(name: PlaceName, url: string): PlaceBackend {
  return places[name](url);
}

/** As `openPlace`, with the table that a database needs. */
export async function createPlace(name: PlaceName, url: string): Promise<PlaceBackend> {
  const backend = openPlace(name, url);
  if ("createTable" in backend && typeof backend.createTable === "function") await backend.createTable();
  return backend;
}

export function isPlaceName(name: string): name is PlaceName {
  return Object.hasOwn(places, name);
}
