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

const rows: ResultRow[] = [];
const ours = await inRedis("ours, Redis");
const oursJson = await inRedis("ours, Redis, JSON");
const theirs = await inRedis("connect-redis");
rows.push(
  {
    ...{ what: "a session in Redis", against: "connect-redis", values: [ours / theirs], atMost: 0.55 },
    note: bytes(ours, theirs),
  },
  {
    ...{ what: "a session in Redis, JSON codec", against: "connect-redis", values: [oursJson / theirs] },
    note: bytes(oursJson, theirs),
  },
);
const inMemory = await held("ours, memory");
const inMemoryJson = await held("ours, memory, JSON");
const store = await held("express-session's memory store");
const against = "express-session's MemoryStore";
rows.push(
  {
    ...{ what: "a session in the process", against, values: [inMemory.filled / store.filled], atMost: 0.5 },
    note: bytes(inMemory.filled, store.filled),
  },
  {
    ...{ what: "the same, JSON codec", against, values: [inMemoryJson.filled / store.filled] },
    note: bytes(inMemoryJson.filled, store.filled),
  },
  {
    ...{ what: "the same, when each has been read", against, values: [inMemory.loaded / store.loaded] },
    note: `${bytes(inMemory.loaded, store.loaded)}; ours keeps what it has read, so that the next reading decodes nothing`,
  },
);
publish("bytes", {
  title: "Memory: bytes of a session",
  conditions: [
    `${count.toLocaleString("en")} sessions of bench/example, each with a life of one hour. Redis: the difference of \`used_memory\` for each, keys and expiry included, prefixes as both have them by default; a server of its own each.`,
    "In the process: the difference of `heapUsed` and `external` after collection, each in a process of its own; the keys that the bench remembers are not counted.",
    "connect-redis and MemoryStore hold what express-session gives them: the data and its cookie, as JSON.",
  ],
  rows,
  charts: [
    {
      ...{ name: "bytes", title: "Memory of a session: less is better", unit: "bytes" },
      bars: [
        { label: "Redis, ours", value: Math.round(ours), isOurs: true },
        { label: "Redis, ours, JSON", value: Math.round(oursJson), isOurs: true },
        { label: "Redis, connect-redis", value: Math.round(theirs), isOurs: false },
        { label: "in the process, ours", value: Math.round(inMemory.filled), isOurs: true },
        { label: "in the process, ours, JSON", value: Math.round(inMemoryJson.filled), isOurs: true },
        { label: "in the process, MemoryStore", value: Math.round(store.filled), isOurs: false },
      ],
    },
  ],
});

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

function bytes(one: number, other: number): string {
  return `${one.toFixed(0)} bytes; ${other.toFixed(0)} bytes`;
}
