import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createCachedBackend } from "../../../../runtime/backends/cached.js";
import { createDatabaseBackend } from "../../../../runtime/backends/database.js";
import { createFileBackend } from "../../../../runtime/backends/file.js";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../../../runtime/backends/replicated.js";
import type {
  BackendAbilities,
  Findable,
  Scannable,
  SessionBackend,
} from "../../../../runtime/types/backend.js";

/** A place of sessions that are found by their theme, and all that stands in it, as somebody who stole it sees it. */
export interface RawPlace {
  readonly backend: SessionBackend<BackendAbilities & { readonly find: Findable; readonly scan: Scannable }>;
  raw(): Promise<Buffer>;
}

const indexes = ["theme"];

/** The places, by name, in a folder and on a Redis of the test. */
export function rawPlaces(
  folder: string,
  redisUrl: string,
): Readonly<Record<string, () => Promise<RawPlace>>> {
  const somewhere = (): string => join(folder, crypto.randomUUID());
  const inFiles = async (): Promise<RawPlace> => {
    const directory = somewhere();
    return { backend: createFileBackend({ directory, indexes }), raw: async () => readAll(directory) };
  };
  return {
    memory: async () => inMemory(),
    files: inFiles,
    SQLite: () => inSqlite(`${somewhere()}.sqlite`),
    Redis: () => inRedis(redisUrl),
    "files behind memory": async () => {
      const [cache, store] = [inMemory(), await inFiles()];
      const backend = createCachedBackend({ cache: cache.backend, store: store.backend });
      return { backend, raw: async () => Buffer.concat([await cache.raw(), await store.raw()]) };
    },
    "files with a copy": async () => {
      const [primary, secondary] = [await inFiles(), await inFiles()];
      const sides = { primary: primary.backend, secondary: secondary.backend, mode: "sync" as const };
      const backend = createReplicatedBackend(sides);
      return { backend, raw: async () => Buffer.concat([await primary.raw(), await secondary.raw()]) };
    },
  };
}

function inMemory(): RawPlace {
  const backend = createMemoryBackend();
  return {
    backend,
    async raw() {
      const { records } = await backend.abilities.scan.scan({ limit: 1000 });
      return Buffer.concat(
        records.flatMap(({ data, ...others }) => [data, Buffer.from(JSON.stringify(others))]),
      );
    },
  };
}

async function inSqlite(url: string): Promise<RawPlace> {
  const columns = { theme: { column: "theme_hash", type: "text" } } as const;
  const backend = createDatabaseBackend({ dialect: "sqlite", url, columns });
  await backend.createTable();
  const files = (): string[] => readdirSync(join(url, "..")).map((name) => join(url, "..", name));
  return {
    backend,
    raw: async () =>
      Buffer.concat(
        files()
          .filter((file) => file.startsWith(url))
          .map((file) => readFileSync(file)),
      ),
  };
}

async function inRedis(url: string): Promise<RawPlace> {
  const prefix = `raw-${crypto.randomUUID()}`;
  return {
    backend: createRedisBackend({ url, prefix, indexes }),
    async raw() {
      const client = new Redis(url);
      try {
        const keys = await client.keys(`*${prefix}*`);
        const values = await Promise.all(keys.map((key) => readKey(client, key)));
        return Buffer.concat([Buffer.from(keys.join()), ...values]);
      } finally {
        client.disconnect();
      }
    },
  };
}

async function readKey(client: Redis, key: string): Promise<Buffer> {
  switch (await client.type(key)) {
    case "string":
      return (await client.getBuffer(key)) ?? Buffer.alloc(0);
    case "zset":
      return Buffer.concat(await client.zrangeBuffer(key, 0, -1));
    case "set":
      return Buffer.concat(await client.smembersBuffer(key));
    default:
      throw new Error(`The test cannot read the key ${key}.`);
  }
}

function readAll(directory: string): Buffer {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Buffer.concat(
    entries.flatMap((entry) => [
      Buffer.from(entry.name),
      entry.isFile() ? readFileSync(join(entry.parentPath, entry.name)) : Buffer.alloc(0),
    ]),
  );
}
