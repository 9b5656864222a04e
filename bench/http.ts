import { startRedis } from "../test/servers/redis.js";
import { addedRow, chartOf, compare, row } from "./http/compare.js";
import { loadGenerator } from "./http/measure.js";
import type { ModeName } from "./http/server.js";
import { type Chart, publish, type ResultRow } from "./results.js";

/**
 * The processor time that a session costs a server for one request, beside raw commands and other libraries. All modes of
 * a group are measured in turn, round by round, over 1,000 sessions used in turn, on 32 connections that stay open.
 */
const rounds = Number(process.argv[2] ?? 9);
const requests = Number(process.argv[3] ?? 6000);

const redis = await startRedis();
const place = { url: redis.url, rounds, requests };
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
const charts: Chart[] = [];
{
  const costs = await compare({ ...place, path: "/", modes: readRedis });
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
  charts.push(
    chartOf(costs, "http-read", "A request that reads its session: server's processor time, less is better"),
  );
}
{
  const costs = await compare({ ...place, path: "/change", modes: changeRedis });
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
  charts.push(
    chartOf(
      costs,
      "http-change",
      "A request that changes its session: server's processor time, less is better",
    ),
  );
}
{
  const costs = await compare({ ...place, path: "/", modes: onExpress });
  rows.push(
    addedRow(costs, onExpress, {
      what: "what a session adds to Express, only read, Redis",
      against: "what express-session with connect-redis adds",
      atMost: 0.2,
    }),
  );
  charts.push(
    chartOf(costs, "express-read", "The same under Express: server's processor time, less is better"),
  );
}
{
  const modes: readonly ModeName[] = ["none", "ours on memory"];
  const costs = await compare({ ...place, path: "/", modes });
  rows.push(
    row(costs, "ours on memory", "none", {
      what: "session only read, memory",
      against: "the handler without sessions",
      atLeast: 0.75,
    }),
  );
}
await redis.stop();
publish("http", {
  title: "HTTP: processor time of the server for one request",
  conditions: [
    `The session of bench/example: twelve fields, 735 bytes as JSON. 1,000 sessions in turn, 32 connections that stay open, one Redis on this machine without persistence; load from ${loadGenerator}, in a process of its own. Each server has NODE_ENV=production.`,
    "Ours: protobuf as its schema says, idle 1 h, so that within `touchAfter` (5 min) a request that only reads writes nothing. Raw: the id out of the cookie, `ioredis.get`, `JSON.parse`; a change is `JSON.stringify` and `SET EX 3600`, or a script that compares first.",
    "@fastify/session and express-session: connect-redis on redis, `saveUninitialized: false`, `resave: false` as their manuals advise, `maxAge` 1 h. `rolling: true` is @fastify/session's default, and express-session's touch at each response is connect-redis's: both renew the life of a session at every request.",
  ],
  rows,
  charts,
});
