import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { startRedis } from "../test/servers/redis.js";
import type { HeldMemory } from "./keepers/heap.js";
import { startKeeper } from "./keepers/measure.js";
import type { KeeperName } from "./keepers/worker.js";
import { publish, type ResultRow } from "./results.js";

/** What a session takes of memory in Redis and in the process, beside express-session's stores with the same data. */
const count = Number(process.argv[2] ?? 100_000);

/** Bytes of a session, by what keeps it: tables and the chart name it so. */
const redis = {
  "ours, Redis": await inRedis("ours, Redis"),
  "ours, Redis, JSON": await inRedis("ours, Redis, JSON"),
  "connect-redis": await inRedis("connect-redis"),
};
const ours = await held("ours, memory");
const oursJson = await held("ours, memory, JSON");
const theirs = await held("express-session's memory store");
const memory = {
  "ours, memory": ours.filled,
  "ours, memory, when each has been read": ours.loaded,
  "ours, memory, JSON": oursJson.filled,
  "ours, memory, JSON, when each has been read": oursJson.loaded,
  MemoryStore: theirs.filled,
  "MemoryStore, when each has been read": theirs.loaded,
};
const rows: readonly ResultRow[] = [
  row(redis, "ours, Redis", "connect-redis", { atMost: 0.55 }),
  row(redis, "ours, Redis, JSON", "connect-redis"),
  row(memory, "ours, memory", "MemoryStore", { atMost: 0.5 }),
  row(memory, "ours, memory, JSON", "MemoryStore"),
  row(memory, "ours, memory, when each has been read", "MemoryStore, when each has been read"),
  row(memory, "ours, memory, JSON, when each has been read", "MemoryStore, when each has been read"),
];
publish("bytes", {
  title: "Memory: bytes of a session",
  conditions: [
    `${count.toLocaleString("en")} sessions of bench/example, each with a life of one hour, ours in protobuf or JSON. Redis: the difference of \`used_memory\` for each, keys and expiry included, prefixes as both have them by default; a server of its own each.`,
    "In the process: the difference of `heapUsed` and `external` after collection, each in a process of its own; the keys that the bench remembers are not counted. Ours keeps what it has read, so that the next reading decodes nothing.",
    "connect-redis and express-session's MemoryStore hold what express-session gives them: the data and its cookie, as JSON.",
  ],
  rows,
  charts: [
    {
      ...{ name: "bytes", title: "Memory of a session: less is better", unit: "bytes" },
      bars: Object.entries({ ...redis, ...memory }).map(([label, value]) => ({
        ...{ label, value: Math.round(value), isOurs: label.startsWith("ours") },
      })),
    },
  ],
});

function row<Name extends string>(
  bytes: Readonly<Record<Name, number>>,
  one: Name,
  other: Name,
  claim: Pick<ResultRow, "atMost"> = {},
): ResultRow {
  return {
    ...{ ...claim, what: one, against: other, values: [bytes[one] / bytes[other]] },
    note: `${bytes[one].toFixed(0)} bytes; ${bytes[other].toFixed(0)} bytes`,
  };
}

async function inRedis(name: KeeperName): Promise<number> {
  const server = await startRedis();
  const client = new Redis(server.url);
  const used = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
  const before = await used();
  // The connection's own buffers are a few kilobytes for all sessions together.
  const keeper = await startKeeper(name, { url: server.url, count, sample: 1 });
  keeper.end();
  const after = await used();
  client.disconnect();
  await server.stop();
  return (after - before) / count;
}

async function held(name: string): Promise<HeldMemory> {
  const script = fileURLToPath(new URL("./keepers/heap.ts", import.meta.url));
  const execArgv = [...process.execArgv, "--expose-gc"];
  const child = fork(script, [name, String(count)], { execArgv });
  const [answer] = (await once(child, "message")) as [HeldMemory];
  return answer;
}
