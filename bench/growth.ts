import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../test/servers/postgres.js";
import { startRedis } from "../test/servers/redis.js";
import type { TestServer } from "../test/servers/test-server.js";
import { type FilledKeeper, startKeeper } from "./keepers/measure.js";
import { processorTimeOf, tellsOthers } from "./keepers/processor-time.js";
import type { KeeperName, Task } from "./keepers/worker.js";
import { print, publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * What a load and a save cost when there are ten, a hundred, a thousand times as many sessions: `-- 10000000` goes as far
 * as ten million, which takes 8 GB of the disk, 8 GB of memory and most of an hour. Each size has a server and a process
 * of its own; all are measured in turn. A fourth argument, as in `-- 1000000 7 20000 memory,Redis`, measures these places
 * only, and keeps nothing.
 */
const most = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 7);
const calls = Number(process.argv[4] ?? 20_000);
const chosen = process.argv[5]?.split(",");

const every = [1000, 10_000, 100_000, 1_000_000, 10_000_000] as const;
const sizes: readonly number[] = every.filter((size) => size <= most);

/** How many of them are loaded and saved in turn: the fewest that are stored, so that each size does the same; then more. */
const inTurns = [1000, 10_000] as const;
type InTurn = (typeof inTurns)[number];

interface Place {
  readonly name: string;
  readonly keeper: KeeperName;
  /** The server that it needs, and nothing for a file or memory. */
  readonly start?: () => Promise<TestServer>;
  readonly concurrency: number;
  /** Whether it is shown beside ours, without a goal. */
  readonly isBeside?: boolean;
  /** What keeps it from the goal. */
  readonly limit?: string;
}

const mapLimit =
  "a Map of that size in the heap of one process costs more too: the rows of the Map by hand tell how many microseconds, to be compared with ours in the last column";

const places: readonly Place[] = [
  { name: "memory", keeper: "ours, memory", concurrency: 1, limit: mapLimit },
  { name: "a Map by hand", keeper: "by hand, Map", concurrency: 1, isBeside: true },
  { name: "Redis", keeper: "ours, Redis, copied", start: () => startRedis(), concurrency: 10 },
  {
    ...{ name: "SQLite", keeper: "ours, SQLite, copied", concurrency: 1 },
    limit:
      "a larger file costs SQLite more too: the rows of SQLite by hand tell how much, to be compared with ours in the last column",
  },
  { name: "SQLite by hand", keeper: "by hand, SQLite, copied", concurrency: 1, isBeside: true },
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
for (const place of places.filter(({ name }) => chosen?.includes(name) ?? true)) {
  const costs = await measure(place);
  const found = inTurns.flatMap((inTurn) =>
    (["load", "save"] as const).flatMap((task) => rowsOf(place, task, { inTurn, costs })),
  );
  // The whole takes long.
  for (const { what, note } of found) console.log(`${what}: ${note}`);
  rows.push(...found);
}
rmSync(folder, { recursive: true });
const keep = chosen === undefined ? publish : print;
keep("growth", {
  title: "Growth: processor time of a call, with more sessions",
  conditions: [
    `The session of bench/example in protobuf; ${calls.toLocaleString("en")} calls a round. Each size in a process and a server of its own, all of them measured in turn.`,
    `Each size uses the same number of sessions in turn, spread evenly over those that are stored: ${shortOf(inTurns[0])}, as many as the smallest has. The rows that say so use ${shortOf(inTurns[1])}, and begin with as many stored.`,
    "Before the loads of a round each of these sessions is loaded once, uncounted: memory decodes what was saved at its next load, and then remembers it, so that all counted loads are of what it remembers. The other places decode at every load.",
    tellsOthers
      ? "Processor time of the process and, with Redis and PostgreSQL, of the server and its children."
      : "Processor time of the process only: this system does not tell that of the servers.",
    "In memory each session is created as an app does it. Elsewhere only those that are loaded and saved are; the others are copies of one under random ids, made inside the server between them.",
    "The Map by hand has each session with its expiry by the SHA-256 of the key, in the bytes of our codec as one text, so that its heap is about as large as ours. Load: hash, look up, compare with the clock, decode. Save: change a field, encode, hash, set. It is there to show what a table of each size costs by itself: it throws away nothing, merges nothing and decodes at every load, by code for this one session.",
    "SQLite by hand: the same columns, indexes and statements, prepared by the driver, with sessions in the bytes of our codec by code for this one session; each write replaces what it has read, without a look at what others wrote.",
    "Redis without persistence; PostgreSQL with its default memory (128 MB of shared buffers), fsync and autovacuum off; SQLite in WAL mode in a file.",
    ...(most < 10_000_000
      ? [
          `More than ${most.toLocaleString("en")} was not run. "Computed" goes on from the last step that was: what a tenfold number cost there, once more for each tenfold, and at least as much as before. \`npm run bench:growth -- 10000000\` measures it.`,
        ]
      : []),
  ],
  rows,
});

/** Microseconds of a call, one a round. */
type Costs = Readonly<Record<Task["name"], ReadonlyMap<InTurn, ReadonlyMap<number, number[]>>>>;

async function measure({ name, keeper, start, concurrency }: Place): Promise<Costs> {
  const all: Grown[] = [];
  const empty = () =>
    new Map(inTurns.map((inTurn) => [inTurn, new Map(sizes.map((size): [number, number[]] => [size, []]))]));
  const costs: Costs = { load: empty(), save: empty() };
  try {
    for (const size of sizes) {
      const server = await start?.();
      const url = server?.url ?? join(folder, `${keeper} ${size}.sqlite`);
      console.log(`${name}: filling ${size.toLocaleString("en")}`);
      const sample = Math.max(...inTurns);
      all.push({ size, server, keeper: await startKeeper(keeper, { url, count: size, sample }) });
    }
    for (const inTurn of inTurns) {
      const large = all.filter(({ size }) => size >= inTurn);
      for (let round = -1; round < rounds; round += 1) {
        large.push(...large.splice(0, 1));
        // A process that has kept fewer sessions has compiled less by now: the first round, which is long, only warms up.
        const count = round < 0 ? 3 * calls : calls;
        for (const name of ["load", "save"] as const) {
          for (const grown of large) {
            if (name === "load") await costOf(grown, { name, count: inTurn, concurrency, inTurn });
            const microseconds = await costOf(grown, { name, count, concurrency, inTurn });
            if (round >= 0) costs[name].get(inTurn)?.get(grown.size)?.push(microseconds);
          }
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

async function costOf({ keeper, server }: Grown, task: Task): Promise<number> {
  const before = processorTimeOf(server?.pid);
  const own = await keeper.cost(task);
  return own + (processorTimeOf(server?.pid) - before) / task.count;
}

/** The greatest size against the least that was run, and what was not run, computed from the last step. */
function rowsOf(
  { name, isBeside, limit }: Place,
  task: Task["name"],
  { inTurn, costs }: { readonly inTurn: InTurn; readonly costs: Costs },
): readonly ResultRow[] {
  const large = sizes.filter((size) => size >= inTurn);
  const listOf = (size: number): readonly number[] => costs[task].get(inTurn)?.get(size) ?? [];
  const ratios = (size: number, before: number): readonly number[] =>
    listOf(size).map((value, round) => value / (listOf(before)[round] ?? Number.NaN));
  const [least = 0] = large;
  const greatest = large.at(-1) ?? 0;
  if (greatest === least) return [];
  const isGoal = isBeside !== true;
  const what = (size: number): string =>
    `${task}, ${name}${inTurn === inTurns[0] ? "" : `, ${shortOf(inTurn)} in turn`}: ${shortOf(size)}`;
  const against = `${shortOf(least)} sessions`;
  const whole: ResultRow = {
    ...{ what: what(greatest), against },
    values: [...ratios(greatest, least)],
    ...(isGoal && { atMost: 1.3, limit }),
    note: large.map((size) => `${shortOf(size)} ${median(listOf(size)).toFixed(1)} µs`).join("; "),
  };
  const lastStep = Math.max(1, median(ratios(greatest, large.at(-2) ?? greatest)));
  const computed = every
    .filter((size) => size > greatest)
    .map(
      (size, index): ResultRow => ({
        ...{ what: what(size), against },
        values: [median(whole.values) * lastStep ** (index + 1)],
        note: `computed, not run: the last tenfold cost ${lastStep.toFixed(2)}`,
      }),
    );
  return [whole, ...computed];
}

function shortOf(size: number): string {
  return size.toLocaleString("en");
}
