import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMariadb } from "../test/servers/mariadb.js";
import { startPostgres } from "../test/servers/postgres.js";
import { addedRow, type Claim, compare, costRow, chartOf as httpChartOf, processes } from "./http/compare.js";
import { type FilledKeeper, startKeeper } from "./keepers/measure.js";
import type { KeeperName, Task } from "./keepers/worker.js";
import { type Chart, publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * The processor time of the process for a load and a save on SQL databases, beside the same prepared statements by hand
 * and connect-pg-simple, measured in turn.
 */
const rounds = Number(process.argv[2] ?? 12);
const calls = Number(process.argv[3] ?? 5000);
const count = 1000;

const onExpress = [
  "Express alone",
  "Express with ours on PostgreSQL",
  "Express with connect-pg-simple",
] as const;

type Place = "SQLite" | "PostgreSQL" | "MariaDB";

/** The driver by hand with less than a session needs, which nobody can do without, and with more and more of what ours promise. */
const variants = {
  SQLite: ["by hand, SQLite, nothing read or written", "by hand, SQLite, checks, comparison"],
  PostgreSQL: [
    "by hand, PostgreSQL, deadline",
    "by hand, PostgreSQL, deadline, checks",
    "by hand, PostgreSQL, deadline, checks, comparison",
  ],
  MariaDB: ["by hand, MariaDB, nothing read or written", "by hand, MariaDB, deadline, checks, comparison"],
} as const satisfies Readonly<Record<Place, readonly KeeperName[]>>;

const groups = { load: "A load", save: "A save of one changed field" };

const promises =
  "the rows by hand with checks, a comparison and, on servers, a deadline tell what these promises cost, those with nothing read or written what the driver takes in any case; the rest is our own code, of which `bench:profile` shows how much of a save it is";

type Costs = ReadonlyMap<KeeperName, readonly number[]>;

let files = 0;
const folder = mkdtempSync(join(tmpdir(), "session-gen-bench-"));
const [postgres, mariadb] = await Promise.all([
  // Whether a commit waits for the disk is the server's time, not the client's.
  startPostgres({ settings: { fsync: "off" } }),
  startMariadb({ settings: { "innodb-flush-log-at-trx-commit": "0" } }),
]);
const rows: Record<Task["name"], ResultRow[]> = { load: [], save: [] };
const bars = {
  load: new Map<KeeperName, readonly number[]>(),
  save: new Map<KeeperName, readonly number[]>(),
};
for (const place of ["SQLite", "PostgreSQL", "MariaDB"] as const) {
  const raw: KeeperName = `by hand, ${place}`;
  const names: readonly KeeperName[] = [
    ...[raw, `ours, ${place}` as const, `ours, ${place}, JSON` as const],
    ...(place === "PostgreSQL" ? ["connect-pg-simple" as const] : []),
    ...variants[place],
  ];
  const found = await measure(names, place);
  for (const task of ["load", "save"] as const) {
    const costs = found[task];
    for (const [name, list] of costs) bars[task].set(name, list);
    rows[task].push(...rowsOf(costs, place, task));
  }
}
const underExpress = await compare({
  ...{ path: "/", modes: onExpress, url: postgres.url, rounds, requests: calls },
});
const expressGroup = "A request that reads its session from PostgreSQL, under Express";
await Promise.all([postgres.stop(), mariadb.stop()]);
rmSync(folder, { recursive: true });
publish("database", {
  title: "SQL databases: processor time of the process for one call",
  conditions: [
    `The session of bench/example, ${count.toLocaleString("en")} of them in turn; each keeper in ${processes} processes of its own, one after the other, since V8 optimises one process in three worse; at most 10 connections and 10 calls at a time (SQLite: one, as its driver is synchronous); ${calls.toLocaleString("en")} calls a round.`,
    "Load: the session by its key, with its data at hand. Save: one that was loaded, with one field changed. Ours is `sessions.load` and `session.save`, with all that they check, and a deadline for each call to a server. Servers are asked in one statement for all sessions that are loaded in one turn of the event loop; those by hand, each by itself.",
    "By hand: the columns, indexes and statements of our backend, prepared by the driver (`pg` with a name, `mysql2` by `execute`, better-sqlite3), the key hashed, the expiry and the revision compared, `JSON.parse` and `JSON.stringify` without a check, and no deadline. With a deadline, each answer has to come in two seconds; with checks, code for this one session checks its fields as they are written and read, in the bytes of our codec; with a comparison, what is saved is merged into a copy of what was stored last. With nothing read or written, the same bytes are stored again and again, and what is loaded is left as it is. SQLite in WAL mode with `synchronous = NORMAL`, both.",
    "connect-pg-simple: `pool`, as its manual recommends; `get` and `set` as express-session's middleware calls them, without its hash of the session, its signature and its touch; under Express, all of it.",
  ],
  rows: [
    ...rows.load,
    ...rows.save,
    costRow(underExpress, "Express alone", { group: expressGroup }),
    addedRow(underExpress, onExpress, { group: expressGroup }),
  ],
  charts: [
    chartOf(bars.load, "load"),
    chartOf(bars.save, "save"),
    httpChartOf(underExpress, {
      ...{ group: expressGroup, name: "database-express" },
      title: "A request that reads its session, Express, ours in protobuf: processor time, less is better",
    }),
  ],
});

/** In some processes of each, one after the other. */
async function measure(
  names: readonly KeeperName[],
  place: Place,
): Promise<Readonly<Record<Task["name"], Costs>>> {
  const empty = () => new Map(names.map((name): [KeeperName, number[]] => [name, []]));
  const found = { load: empty(), save: empty() };
  for (let left = processes; left > 0; left -= 1) {
    const keepers: FilledKeeper[] = [];
    for (const name of names)
      keepers.push(await startKeeper(name, { url: urlOf(place), count, sample: count }));
    const concurrency = place === "SQLite" ? 1 : 10;
    for (let round = -1; round < rounds / processes; round += 1) {
      keepers.push(...keepers.splice(0, 1));
      for (const task of ["load", "save"] as const) {
        for (const keeper of keepers) {
          // What is not compiled yet is not counted; what consists of more functions takes longer to be.
          const microseconds = await keeper.cost({
            ...{ name: task, concurrency },
            count: round < 0 ? 4 * calls : calls,
          });
          if (round >= 0) found[task].get(keeper.name)?.push(microseconds);
        }
      }
    }
    for (const keeper of keepers) keeper.end();
  }
  return found;
}

/** SQLite: a file of its own for each keeper. */
function urlOf(place: Place): string {
  files += 1;
  const file = join(folder, `${files}.sqlite`);
  return { SQLite: file, PostgreSQL: postgres.url, MariaDB: mariadb.url }[place];
}

function rowsOf(costs: Costs, place: Place, task: Task["name"]): readonly ResultRow[] {
  const group = groups[task];
  const [mine, raw] = [`ours, ${place}`, `by hand, ${place}`] as const;
  const rows = [
    row(costs, mine, raw, { group, atLeast: 0.85, limit: promises }),
    row(costs, `ours, ${place}, JSON`, raw, { group }),
  ];
  if (place === "PostgreSQL") {
    const limit =
      "it is one statement and one parse; the next row is what the driver by hand is, asked for each session by itself";
    rows.push(row(costs, mine, "connect-pg-simple", { group, atLeast: 2, limit }));
    rows.push(row(costs, raw, "connect-pg-simple", { group }));
  }
  return [...rows, ...variants[place].map((name) => row(costs, name, raw, { group }))];
}

function row(costs: Costs, ours: KeeperName, other: KeeperName, claim: Claim): ResultRow {
  const [mine, theirs] = [costs.get(ours) ?? [], costs.get(other) ?? []];
  return {
    ...{ ...claim, what: ours, against: other },
    values: mine.map((microseconds, round) => (theirs[round] ?? Number.NaN) / microseconds),
    note: `${median(mine).toFixed(0)} µs; ${median(theirs).toFixed(0)} µs`,
  };
}

function chartOf(costs: Costs, task: Task["name"]): Chart {
  return {
    ...{ group: groups[task], name: `database-${task}` },
    title: `A ${task} on SQL databases, ours in protobuf: processor time of the process, less is better`,
    unit: "µs",
    bars: [...costs].map(([label, list]) => ({
      label,
      value: Number(median(list).toPrecision(3)),
      isOurs: label.startsWith("ours"),
    })),
  };
}
