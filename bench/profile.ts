import { startRedis } from "../test/servers/redis.js";
import { toWork, type Work } from "./flame/frames.js";
import { type Room, rooms } from "./flame/rooms.js";
import { type Comparison, sessions } from "./http/compare.js";
import { loadGenerator, profileOf } from "./http/measure.js";
import type { ModeName } from "./http/server.js";
import { type FlameChart, publish, type ResultRow } from "./results.js";

/**
 * Where the time of a request goes that has a session, and that of the same by hand, by V8's profiler. Shares of a process's
 * own time hardly move with whoever else uses the machine.
 */
const rounds = Number(process.argv[2] ?? 3);
const requests = Number(process.argv[3] ?? 30_000);

/** What is less is part of what it is in. */
const leastDrawn = 0.3;

interface Subject extends Pick<Comparison, "path" | "modes"> {
  readonly group: string;
  /** Of the file of the picture, which shows the first of the modes. */
  readonly name: string;
}

const subjects: readonly Subject[] = [
  {
    ...{ group: "A request that reads its session from Redis, under Fastify", name: "flame-read" },
    ...{ path: "/", modes: ["ours on Redis", "raw GET"] },
  },
  {
    ...{ group: "A request that changes its session in Redis, under Fastify", name: "flame-change" },
    ...{ path: "/change", modes: ["ours on Redis", "raw GET, compare-and-set script, headers"] },
  },
  {
    ...{ group: "A request that reads its session from memory, under Fastify", name: "flame-memory" },
    ...{ path: "/", modes: ["ours in memory", "Map by hand, in a plug-in"] },
  },
  {
    ...{ group: "A request that reads its session from Redis, under Express", name: "flame-express" },
    ...{ path: "/", modes: ["Express with ours on Redis", "Express with a raw GET"] },
  },
];

const redis = await startRedis();
const rows: ResultRow[] = [];
const flames: FlameChart[] = [];
for (const subject of subjects) await profile(subject);
await redis.stop();
publish("profile", {
  title: "HTTP: where the time of a request goes",
  conditions: [
    `The servers of \`bench:http\`, with the same load from ${loadGenerator}; each share is of one process's time in which it did not wait, sampled 10,000 times a second over ${requests.toLocaleString("en")} requests.`,
    "The session and the handler: all that is not of Node, a framework or ioredis, so what is generated and `@session-gen/runtime`, or what is written by hand, with what Node does for them: hash, headers, texts. The framework: Fastify or Express, and Node's own work for HTTP that neither of the others asked for. Outside JavaScript: the event loop, and system calls that no function waits for.",
    `In the pictures time runs from left to right, and who is called stands below who called; below ${leastDrawn} % is not drawn. What goes on after a promise begins anew at the top.`,
  ],
  rows,
  flames,
});

async function profile({ group, name, path, modes }: Subject): Promise<void> {
  for (const mode of modes) {
    const found: Work[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const place = { url: redis.url, count: sessions, path, requests };
      found.push(toWork(await profileOf(mode, place), leastDrawn));
    }
    rows.push(...roomRows(group, mode, found));
    const frames = found[0]?.frames ?? [];
    if (mode === modes[0]) flames.push({ group, name, title: `${group}: ${mode}`, frames });
  }
}

function roomRows(group: string, mode: ModeName, found: readonly Work[]): readonly ResultRow[] {
  return Object.entries(rooms).map(([room, label]) => ({
    ...{ group, what: `${mode}: ${label}`, against: "the whole request" },
    ...{ values: found.map(({ shares }) => shares[room as Room]), unit: "%", digits: 1, better: "less" },
  }));
}
