import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../test/servers/postgres.js";
import { startRedis } from "../test/servers/redis.js";
import type { TestServer } from "../test/servers/test-server.js";
import { type FilledKeeper, startKeeper } from "./keepers/measure.js";
import { processorTimeOf, tellsOthers } from "./keepers/processor-time.js";
import type { KeeperName, Task } from "./keepers/worker.js";
import { publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * What a load and a save cost when there are ten, a hundred, a thousand times as many sessions: `-- 10000000` goes as far
 * as ten million, which takes 8 GB of the disk, 8 GB of memory and half an hour. Each size has a server and a process of its own; all are measured in turn.
 */
const most = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 7);
const calls = Number(process.argv[4] ?? 20_000);

const every = [1000, 10_000, 100_000, 1_000_000, 10_000_000] as const;
const sizes: readonly number[] = every.filter((size) => size <= most);
/** How many of them are loaded and saved in turn: more than the processor's caches hold. */
const sample = 10_000;

interface Place {
  readonly name: string;
  readonly keeper: KeeperName;
  /** The server that it needs, and nothing for a file or memory. */
  readonly start?: () => Promise<TestServer>;
  readonly concurrency: number;
  /** What keeps it from the goal. */
  readonly limit?: string;
}

const cachesLimit =
  "a call in memory is so short that the processor's caches decide: they hold 1,000 sessions and not 10,000. What more of them cost from there is in the last column: the table and the queue of expiries, at every call in another place of memory";

const places: readonly Place[] = [
  { name: "memory", keeper: "ours, memory", concurrency: 1, limit: cachesLimit },
  { name: "Redis", keeper: "ours, Redis, copied", start: () => startRedis(), concurrency: 10 },
  { name: "SQLite", keeper: "ours, SQLite, copied", concurrency: 1 },
  {
    name: "PostgreSQL",
    keeper: "ours, PostgreSQL, copied",
    // Its sweeper would run or not as it pleases.
    start: () => startPostgres({ settings: { fsync: "off", autovacuum: "off", max_wal_size: "4GB" } }),
    concurrency: 10,
  },
];

interface Grown {
  readonly size: number;
  readonly keeper: FilledKeeper;
  readonly server: TestServer | undefined;
}

const folder = mkdtempSync(join(tmpdir(), "session-gen-bench-"));
const rows: ResultRow[] = [];
for (const place of places) {
  const costs = await measure(place);
  for (const task of ["load", "save"] as const) rows.push(...rowsOf(place, task, costs));
}
rmSync(folder, { recursive: true });
publish("growth", {
  title: "Growth: processor time of a call, with more sessions",
  conditions: [
    `The session of bench/example in protobuf; ${sample.toLocaleString("en")} sessions (or all, where there are fewer), spread evenly, loaded and saved in turn, ${calls.toLocaleString("en")} calls a round. Each size in a process and a server of its own, all of them measured in turn.`,
    tellsOthers
      ? "Processor time of the process and, with Redis and PostgreSQL, of the server and its children."
      : "Processor time of the process only: this system does not tell that of the servers.",
    "In memory each session is created as an app does it. Elsewhere only those that are loaded and saved are; the others are copies of one under random ids, made inside the server between them.",
    "Redis without persistence; PostgreSQL with its default memory (128 MB of shared buffers), fsync and autovacuum off; SQLite in WAL mode in a file.",
    ...(most < 10_000_000
      ? [
          `More than ${most.toLocaleString("en")} was not run. "Computed" goes on from the last step that was: what a tenfold number cost there, once more for each tenfold, and at least as much as before. \`npm run bench:growth -- 10000000\` measures it.`,
        ]
      : []),
  ],
  rows,
});

/** Microseconds of a call, by size and task, one a round. */
type Costs = ReadonlyMap<number, Readonly<Record<Task["name"], readonly number[]>>>;

async function measure({ name, keeper, start, concurrency }: Place): Promise<Costs> {
  const all: Grown[] = [];
  const costs = new Map(sizes.map((size) => [size, { load: [] as number[], save: [] as number[] }]));
  try {
    for (const size of sizes) {
      const server = await start?.();
      const url = server?.url ?? join(folder, `${size}.sqlite`);
      console.log(`${name}: filling ${size.toLocaleString("en")}`);
      all.push({ size, server, keeper: await startKeeper(keeper, { url, count: size, sample }) });
    }
    for (let round = -1; round < rounds; round += 1) {
      all.push(...all.splice(0, 1));
      for (const task of ["load", "save"] as const) {
        for (const { size, keeper, server } of all) {
          const before = processorTimeOf(server?.pid);
          // A process that has kept fewer sessions has compiled less by now: the first round, which is long, only warms up.
          const count = round < 0 ? 3 * calls : calls;
          const own = await keeper.cost({ name: task, count, concurrency });
          const microseconds = own + (processorTimeOf(server?.pid) - before) / count;
          if (round >= 0) costs.get(size)?.[task].push(microseconds);
        }
      }
    }
  } finally {
    for (const { keeper, server } of all) {
      keeper.end();
      await server?.stop();
    }
  }
  return costs;
}

/** Of each size against the one before it and, for what was not run, of the step before. */
function rowsOf({ name, limit }: Place, task: Task["name"], costs: Costs): readonly ResultRow[] {
  const listOf = (size: number): readonly number[] => costs.get(size)?.[task] ?? [];
  const ratios = (size: number, before: number): readonly number[] =>
    listOf(size).map((value, round) => value / (listOf(before)[round] ?? Number.NaN));
  const [least = 0] = sizes;
  const greatest = sizes.at(-1) ?? 0;
  const steps = sizes.map((size) => `${shortOf(size)} ${median(listOf(size)).toFixed(1)} µs`).join("; ");
  const whole: ResultRow = {
    what: `${task}, ${name}: ${shortOf(greatest)}`,
    against: `${shortOf(least)} sessions`,
    values: [...ratios(greatest, least)],
    atMost: 1.3,
    ...(limit !== undefined && { limit }),
    note: steps,
  };
  const missing = every.filter((size) => size > greatest);
  const lastStep = Math.max(1, median(ratios(greatest, sizes.at(-2) ?? greatest)));
  const computed = missing.map((size, index): ResultRow => {
    const value = median(whole.values) * lastStep ** (index + 1);
    return {
      what: `${task}, ${name}: ${shortOf(size)}`,
      against: `${shortOf(least)} sessions`,
      values: [value],
      note: `computed, not run: the last tenfold cost ${lastStep.toFixed(2)}`,
    };
  });
  return [whole, ...computed];
}

function shortOf(size: number): string {
  return size.toLocaleString("en");
}
