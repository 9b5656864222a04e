import type { SessionBackend } from "@session-gen/runtime";
import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { createRedisBackend } from "@session-gen/runtime/backends/redis";
import type { Session } from "../example/generated/index.js";
import { exampleData, openExample } from "../http/example.js";
import { inBatches } from "../in-batches.js";
import { type Keeper, type KeeperSource, sampleOf, sideBySide } from "./keeper.js";
import { multiply, withCopies } from "./multiply.js";

type Codec = "protobuf" | "json";
type Dialect = "sqlite" | "postgres" | "mysql";

/** Ours, over each backend that is compared with others. */
export const ourKeepers = {
  "ours, memory": async () => toKeeper(createMemoryBackend({ maxSessions: 20_000_000 }), "protobuf"),
  "ours, Redis": async (url) => toKeeper(createRedisBackend({ url }), "protobuf"),
  "ours, Redis, JSON": async (url) => toKeeper(createRedisBackend({ url }), "json"),
  "ours, SQLite": (url) => onDatabase("sqlite", url, "protobuf"),
  "ours, SQLite, JSON": (url) => onDatabase("sqlite", url, "json"),
  "ours, PostgreSQL": (url) => onDatabase("postgres", url, "protobuf"),
  "ours, PostgreSQL, JSON": (url) => onDatabase("postgres", url, "json"),
  // The same with copies of a session for those that nobody asks for, so that millions take minutes.
  "ours, Redis, copied": async (url) =>
    withCopies(await toKeeper(createRedisBackend({ url }), "protobuf"), url, multiply.redis),
  "ours, SQLite, copied": async (url) =>
    withCopies(await onDatabase("sqlite", url, "protobuf"), url, multiply.sqlite),
  "ours, PostgreSQL, copied": async (url) =>
    withCopies(await onDatabase("postgres", url, "protobuf"), url, multiply.postgres),
  "ours, MariaDB": (url) => onDatabase("mysql", url, "protobuf"),
  "ours, MariaDB, JSON": (url) => onDatabase("mysql", url, "json"),
} satisfies Readonly<Record<string, KeeperSource>>;

async function onDatabase(dialect: Dialect, url: string, codec: Codec): Promise<Keeper> {
  const backend = createDatabaseBackend({ dialect, url, table: `ours_${codec}` });
  await backend.createTable();
  return toKeeper(backend, codec);
}

async function toKeeper(backend: SessionBackend, codec: Codec): Promise<Keeper> {
  const { sessions } = await openExample(backend, { codec, count: 0 });
  let keys: string[] = [];
  const loaded: Session[] = [];
  return {
    async fill(count, sample) {
      const before = keys.length;
      const indexes = new Map(sampleOf(count, sample).map((index, at) => [index, before + at]));
      await inBatches(count, async (index) => {
        const key = await sessions.create(exampleData()).ensureKey();
        const at = indexes.get(index);
        if (at !== undefined) keys[at] = key;
      });
      keys = sideBySide(keys);
    },
    load: (index) => sessions.load(keys[index] ?? ""),
    async save(index) {
      // Not while filling: V8 would take the first thousand that stay for a sign that all sessions do, and keep each for long.
      const session = loaded[index] ?? (await sessions.open(keys[index]));
      loaded[index] = session;
      session.visits += 1;
      return session.save();
    },
  };
}
