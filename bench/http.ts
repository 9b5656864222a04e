import { startRedis } from "../test/servers/redis.js";
import { type Cost, cost, type Measured, startMeasured } from "./http/measure.js";
import type { ModeName } from "./http/server.js";
import { publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * The processor time that a session costs a server for one request, beside raw commands and other libraries. All modes of
 * a group are measured in turn, round by round, over 1,000 sessions used in turn, on 32 connections that stay open.
 */
const rounds = Number(process.argv[2] ?? 9);
const requests = Number(process.argv[3] ?? 6000);
const sessions = 1000;

type Costs = ReadonlyMap<ModeName, readonly Cost[]>;

const redis = await startRedis();
const readRedis = [
  "GET, SET EX",
  "ours on Redis",
  "ours on Redis, JSON",
  "@fastify/session on Redis",
  "@fastify/session on Redis, rolling: false",
] as const;
const changeRedis = [
  "GET, SET EX",
  "GET, compare-and-set script",
  "ours on Redis",
  "@fastify/session on Redis",
] as const;
const onExpress = [
  "Express alone",
  "Express with ours on Redis",
  "Express with express-session on Redis",
] as const;

const rows: ResultRow[] = [];
{
  const costs = await compare("/", readRedis);
  const read = { what: "session only read, Redis" };
  rows.push(
    row(costs, "ours on Redis", "GET, SET EX", {
      ...read,
      against: "raw `GET` and `JSON.parse`",
      atLeast: 0.92,
    }),
    row(costs, "ours on Redis, JSON", "GET, SET EX", {
      what: "the same, JSON codec",
      against: "raw `GET` and `JSON.parse`",
      atLeast: 0.88,
    }),
    row(costs, "ours on Redis", "@fastify/session on Redis", {
      ...read,
      against: "@fastify/session",
      atLeast: 2.7,
    }),
    row(costs, "ours on Redis", "@fastify/session on Redis, rolling: false", {
      ...read,
      against: "@fastify/session, `rolling: false`",
      atLeast: 1.8,
    }),
  );
}
{
  const costs = await compare("/change", changeRedis);
  const changed = { what: "session changed, Redis" };
  rows.push(
    row(costs, "ours on Redis", "GET, SET EX", {
      ...changed,
      against: "raw `GET` and `SET EX`",
      atLeast: 0.85,
    }),
    row(costs, "ours on Redis", "GET, compare-and-set script", {
      ...changed,
      against: "raw `GET` and a compare-and-set script",
      atLeast: 0.85,
    }),
    row(costs, "ours on Redis", "@fastify/session on Redis", {
      ...changed,
      against: "@fastify/session",
      atLeast: 2.2,
    }),
  );
}
{
  const costs = await compare("/", onExpress);
  const [alone, ours, theirs] = onExpress.map((mode) => costs.get(mode) ?? []);
  const ratios = (alone ?? []).map((bare, round) => added(ours, bare, round) / added(theirs, bare, round));
  rows.push({
    what: "what a session adds to Express, only read, Redis",
    against: "what express-session with connect-redis adds",
    ratios,
    atMost: 0.2,
    note: note(costs, "Express with ours on Redis", "Express with express-session on Redis"),
  });
}
{
  const costs = await compare("/", ["none", "ours on memory"]);
  rows.push(
    row(costs, "ours on memory", "none", {
      what: "session only read, memory",
      against: "the handler without sessions",
      atLeast: 0.75,
    }),
  );
}
await redis.stop();
publish("http", "HTTP: processor time of the server for one request", rows);

/** Measures some modes in turn; the first round only warms up. */
async function compare(path: string, modes: readonly ModeName[]): Promise<Costs> {
  const servers: Measured[] = [];
  for (const mode of modes) servers.push(await startMeasured(mode, redis.url, sessions));
  const costs = new Map(modes.map((mode): [ModeName, Cost[]] => [mode, []]));
  for (let round = -1; round < rounds; round += 1) {
    servers.push(...servers.splice(0, 1));
    for (const server of servers) {
      const measured = await cost(server, path, requests);
      if (round >= 0) costs.get(server.mode)?.push(measured);
    }
  }
  for (const server of servers) server.process.kill();
  return costs;
}

/** How many times as much the other one takes as ours. */
function row(
  costs: Costs,
  ours: ModeName,
  other: ModeName,
  claim: Omit<ResultRow, "ratios" | "note">,
): ResultRow {
  const theirs = costs.get(other) ?? [];
  const ratios = (costs.get(ours) ?? []).map(
    ({ microseconds }, round) => (theirs[round]?.microseconds ?? Number.NaN) / microseconds,
  );
  return { ...claim, ratios, note: note(costs, ours, other) };
}

function added(costs: readonly Cost[] | undefined, bare: Cost, round: number): number {
  return (costs?.[round]?.microseconds ?? Number.NaN) - bare.microseconds;
}

function note(costs: Costs, ...modes: readonly ModeName[]): string {
  return modes
    .map((mode) => {
      const list = costs.get(mode) ?? [];
      const microseconds = median(list.map((each) => each.microseconds)).toFixed(0);
      return `${microseconds} µs, ${median(list.map(({ throughput }) => throughput)).toFixed(0)}/s`;
    })
    .join("; ");
}
