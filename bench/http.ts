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
  "GET, compare-and-set script, headers",
  "ours on Redis",
  "ours on Redis, JSON",
  "@fastify/session on Redis",
  "@fastify/session on Redis, rolling: false",
] as const;
const changeRedis = [
  "GET, SET EX",
  "GET, compare-and-set script",
  "GET, compare-and-set script, headers",
  "ours on Redis",
  "@fastify/session on Redis",
] as const;
const onExpress = [
  "Express alone",
  "Express with a raw GET",
  "Express with ours on Redis",
  "Express with express-session on Redis",
] as const;
const theirs = "Express with express-session on Redis";
const headersLimit =
  "what is left beside the row of the headers: the hash of the key, the deadline, the checks of what is read and written, and the session's own objects, some 4 µs in a loop for a request that reads and 14 µs for one that changes";
const memoryLimit =
  "the next rows are what it is made of. A plug-in's hooks, the hash of the key, a look-up and the headers are there in any case; ours adds the session itself: an object for the app and one for its state, a proxy that refuses undeclared names, the decision what to store, the clock before and after the handler. At full load the faster server finds its client at work, and then sending costs a fifth of waking it; `npm run bench:rate` measures at a steady rate, where both are woken equally often";

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
      limit: headersLimit,
    }),
    row(costs, "GET, compare-and-set script, headers", "GET, SET EX", {
      what: "raw `GET` with the headers of a session",
      against: "raw `GET` and `JSON.parse`",
    }),
    row(costs, "ours on Redis, JSON", "GET, SET EX", {
      what: "the same, JSON codec",
      against: "raw `GET` and `JSON.parse`",
      atLeast: 0.88,
      limit: headersLimit,
    }),
    row(costs, "ours on Redis", "@fastify/session on Redis", {
      ...read,
      against: "@fastify/session",
      atLeast: 2.7,
      limit: "the next row is the raw command by hand, without a session",
    }),
    row(costs, "GET, SET EX", "@fastify/session on Redis", {
      what: "raw `GET` and `JSON.parse`",
      against: "@fastify/session",
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
      limit: headersLimit,
    }),
    row(costs, "ours on Redis", "GET, compare-and-set script", {
      ...changed,
      against: "raw `GET` and a compare-and-set script",
      atLeast: 0.85,
      limit: headersLimit,
    }),
    row(costs, "GET, compare-and-set script, headers", "GET, SET EX", {
      what: "raw script with the headers of a session",
      against: "raw `GET` and `SET EX`",
    }),
    row(costs, "ours on Redis", "@fastify/session on Redis", {
      ...changed,
      against: "@fastify/session",
      atLeast: 2.2,
      limit: "the next row is what the script and the headers are by hand, without a session",
    }),
    row(costs, "GET, compare-and-set script, headers", "@fastify/session on Redis", {
      what: "raw script with the headers of a session",
      against: "@fastify/session",
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
    addedRow(costs, ["Express alone", "Express with ours on Redis", theirs], {
      what: "what a session adds to Express, only read, Redis",
      against: "what express-session with connect-redis adds",
      atMost: 0.2,
      limit:
        "the next row is what one GET by hand adds. Express gives each request and response another prototype, and for each property that is then added the V8 of Node 20 makes a hidden class for this one object; ours adds seven. In Node 24, which shares them, the median of 9 rounds was 0.37, and 0.21 for the raw GET",
    }),
    addedRow(costs, ["Express alone", "Express with a raw GET", theirs], {
      what: "what a raw `GET` adds to Express",
      against: "what express-session with connect-redis adds",
    }),
  );
  charts.push(
    chartOf(costs, "express-read", "The same under Express: server's processor time, less is better"),
  );
}
{
  const least = "Map by hand, in a plug-in";
  const young = "none, before a full collection";
  const hooks = "empty hooks";
  const modes: readonly ModeName[] = ["none", young, hooks, least, "ours on memory"];
  const costs = await compare({ ...place, path: "/", modes });
  rows.push(
    row(costs, "ours on memory", "none", {
      what: "session only read, memory",
      against: "the handler without sessions",
      atLeast: 0.75,
      limit: memoryLimit,
    }),
    row(costs, hooks, "none", {
      what: "two hooks that do nothing",
      against: "the handler without sessions",
    }),
    row(costs, least, "none", {
      what: "a `Map` by hand, in a plug-in: hash of the key, look-up, headers",
      against: "the handler without sessions",
    }),
    row(costs, "ours on memory", least, {
      what: "session only read, memory",
      against: "a `Map` by hand, in a plug-in",
    }),
    row(costs, young, "none", {
      what: "the handler without sessions, before its first full collection",
      against: "the handler without sessions",
    }),
  );
}
await redis.stop();
publish("http", {
  title: "HTTP: processor time of the server for one request",
  conditions: [
    "Each server has collected all its garbage once, in a pause, before it is measured, as every server does sooner or later. In Node 20 that makes `process.nextTick` several times as dear for good, and node:http calls it ten times a request; one that has not had to is faster, by the last row. See docs/decisions/0043.",
    `The session of bench/example: twelve fields, 735 bytes as JSON. 1,000 sessions in turn, 32 connections that stay open, one Redis on this machine without persistence; load from ${loadGenerator}, in a process of its own. Each server is plain JavaScript, without a loader of TypeScript, and has NODE_ENV=production.`,
    "Ours: protobuf as its schema says, idle 1 h, so that within `touchAfter` (5 min) a request that only reads writes nothing. Raw: the id out of the cookie, `ioredis.get`, `JSON.parse`; a change is `JSON.stringify` and `SET EX 3600`, or a script that compares first. Ours asks Redis once a turn of the event loop, so that requests that come together share a system call; raw commands leave as ioredis sends them, one by one.",
    "@fastify/session and express-session: connect-redis on redis, `saveUninitialized: false`, `resave: false` as their manuals advise, `maxAge` 1 h. `rolling: true` is @fastify/session's default, and express-session's touch at each response is connect-redis's: both renew the life of a session at every request.",
  ],
  rows,
  charts,
});
