import type { Profiler } from "node:inspector";
import { startMariadb } from "../test/servers/mariadb.js";
import { startPostgres } from "../test/servers/postgres.js";
import { startRedis } from "../test/servers/redis.js";
import { toWork, type Work } from "./flame/frames.js";
import { type Room, rooms } from "./flame/rooms.js";
import { type Comparison, sessions } from "./http/compare.js";
import { loadGenerator, profileOf } from "./http/measure.js";
import { startKeeper } from "./keepers/measure.js";
import type { KeeperName } from "./keepers/worker.js";
import { type FlameChart, publish, type ResultRow } from "./results.js";

/**
 * Where the time goes of a request that has a session, and of a save into PostgreSQL and MariaDB, beside the same by hand, by V8's
 * profiler. Shares of a process's own time hardly move with whoever else uses the machine.
 */
const rounds = Number(process.argv[2] ?? 3);
const requests = Number(process.argv[3] ?? 30_000);

/** What is less is part of what it is in. */
const leastDrawn = 0.3;

/** What is profiled in processes of their own. */
interface Subject {
  readonly group: string;
  /** Of the file of the picture, which shows the first of them. */
  readonly name: string;
  readonly whole: string;
  readonly profiles: ReadonlyMap<string, () => Promise<Profiler.Profile>>;
}

const [redis, postgres, mariadb] = await Promise.all([
  startRedis(),
  startPostgres({ settings: { fsync: "off" } }),
  startMariadb({ settings: { "innodb-flush-log-at-trx-commit": "0" } }),
]);

const subjects: readonly Subject[] = [
  {
    ...{ group: "A request that reads its session from Redis, under Fastify", name: "flame-read" },
    ...overHttp({ path: "/", modes: ["ours on Redis", "raw GET"] }),
  },
  {
    ...{ group: "A request that changes its session in Redis, under Fastify", name: "flame-change" },
    ...overHttp({ path: "/change", modes: ["ours on Redis", "raw GET, compare-and-set script, headers"] }),
  },
  {
    ...{ group: "A request that reads its session from memory, under Fastify", name: "flame-memory" },
    ...overHttp({ path: "/", modes: ["ours in memory", "Map by hand, in a plug-in"] }),
  },
  {
    ...{ group: "A request that reads its session from Redis, under Express", name: "flame-express" },
    ...overHttp({ path: "/", modes: ["Express with ours on Redis", "Express with a raw GET"] }),
  },
  {
    ...{ group: "A save of one changed field, PostgreSQL", name: "flame-postgres" },
    ...savedBy(postgres.url, [
      ...["ours, PostgreSQL" as const, "by hand, PostgreSQL" as const],
      "by hand, PostgreSQL, deadline, checks, comparison",
    ]),
  },
  {
    ...{ group: "A save of one changed field, MariaDB", name: "flame-mariadb" },
    ...savedBy(mariadb.url, [
      ...["ours, MariaDB" as const, "by hand, MariaDB" as const],
      "by hand, MariaDB, deadline, checks, comparison",
    ]),
  },
];

const rows: ResultRow[] = [];
const flames: FlameChart[] = [];
for (const subject of subjects) await profile(subject);
await Promise.all([redis.stop(), postgres.stop(), mariadb.stop()]);
publish("profile", {
  title: "Where the time of a request goes, and that of a save",
  conditions: [
    `The servers of \`bench:http\`, with the same load from ${loadGenerator}, and the keepers of \`bench:database\`; each share is of one process's time in which it did not wait, sampled 10,000 times a second over ${requests.toLocaleString("en")} requests or saves.`,
    "The session and the handler: all that is not of Node, a framework or a driver (ioredis, pg, mysql2), so what is generated and `@session-gen/runtime`, or what is written by hand, with what Node does for them: hash, headers, texts. The framework: Fastify or Express, and Node's own work for HTTP that none of the others asked for. Outside JavaScript: the event loop, and system calls that no function waits for.",
    `In the pictures time runs from left to right, and who is called stands below who called; below ${leastDrawn} % is not drawn. What goes on after a promise begins anew at the top.`,
  ],
  rows,
  flames,
});

function overHttp({ path, modes }: Pick<Comparison, "path" | "modes">): Pick<Subject, "profiles" | "whole"> {
  const place = { url: redis.url, count: sessions, path, requests };
  const profiles = new Map(modes.map((mode) => [mode as string, () => profileOf(mode, place)]));
  return { whole: "the whole request", profiles };
}

function savedBy(url: string, names: readonly KeeperName[]): Pick<Subject, "profiles" | "whole"> {
  const task = { name: "save", count: requests, concurrency: 10 } as const;
  const profileOfSaves = async (name: KeeperName): Promise<Profiler.Profile> => {
    const keeper = await startKeeper(name, { url, count: sessions, sample: sessions });
    await keeper.cost(task);
    const profile = await keeper.profile(task);
    keeper.end();
    return profile;
  };
  return {
    whole: "the whole save",
    profiles: new Map(names.map((name) => [name as string, () => profileOfSaves(name)])),
  };
}

async function profile({ group, name, whole, profiles }: Subject): Promise<void> {
  const [first] = profiles.keys();
  for (const [what, run] of profiles) {
    const found: Work[] = [];
    for (let round = 0; round < rounds; round += 1) found.push(toWork(await run(), leastDrawn));
    rows.push(...roomRows(group, [what, whole], found));
    const frames = found[0]?.frames ?? [];
    if (what === first) flames.push({ group, name, title: `${group}: ${what}`, frames });
  }
}

function roomRows(
  group: string,
  [what, whole]: readonly [what: string, whole: string],
  found: readonly Work[],
): readonly ResultRow[] {
  return Object.entries(rooms).map(([room, label]) => ({
    ...{ group, what: `${what}: ${label}`, against: whole },
    ...{ values: found.map(({ shares }) => shares[room as Room]), unit: "%", digits: 1, better: "less" },
  }));
}
