import { startRedis } from "../test/servers/redis.js";
import { addedRow, chartOf, compare, costRow, processes, row } from "./http/compare.js";
import { loadGenerator } from "./http/measure.js";
import { installNode, type OtherNode } from "./http/other-node.js";
import { type Chart, publish, type ResultRow } from "./results.js";

/**
 * The processor time that a session costs a server for one request, beside raw commands and other libraries. All modes of
 * a group are measured in turn, round by round, over 1,000 sessions used in turn, on 32 connections that stay open.
 */
const rounds = Number(process.argv[2] ?? 15);
const requests = Number(process.argv[3] ?? 6000);

interface Measured {
  readonly rows: readonly ResultRow[];
  readonly charts: readonly Chart[];
}

const redis = await startRedis();
const place = { url: redis.url, rounds, requests };
const headersLimit =
  "what is left beside the row of the headers: the hash of the key, the deadline, the checks of what is read and written, and the session's own objects. How much of a request's time each takes, and what is ioredis's and the framework's, is shown by `bench:profile`";

using newerNode = installNode(24);
const parts = [await readFromRedis(), await changedInRedis(), await underExpress()];
if (newerNode !== undefined) parts.push(await underExpress(newerNode));
parts.push(await inMemory());
await redis.stop();
publish("http", {
  title: "HTTP: processor time of the server for one request",
  conditions: [
    `Each is measured in ${processes} processes, one after the other, since V8 optimises one process in three worse; in each, what is compared takes turns.`,
    "Each server has collected all its garbage once, in a pause, before it is measured, as every server does sooner or later. That makes `process.nextTick` several times as dear for good, and node:http calls it ten times a request; one that has not had to is faster, by the last row of all. See docs/decisions/0043, which tells too how an app is spared that.",
    `The session of bench/example: twelve fields, 735 bytes as JSON. 1,000 sessions in turn, 32 connections that stay open, one Redis on this machine without persistence; load from ${loadGenerator}, in a process of its own. Each server is plain JavaScript, without a loader of TypeScript, and has NODE_ENV=production.`,
    "Ours: protobuf as its schema says, idle 1 h, so that within `touchAfter` (5 min) a request that only reads writes nothing. Raw: the id out of the cookie, `ioredis.get`, `JSON.parse`; a change is `JSON.stringify` and `SET EX 3600`, or a script that compares first. Ours asks Redis once a turn of the event loop, so that requests that come together share a system call; raw commands leave as ioredis sends them, one by one.",
    "@fastify/session and express-session: connect-redis on redis, `saveUninitialized: false`, `resave: false` as their manuals advise, `maxAge` 1 h. `rolling: true` is @fastify/session's default, and express-session's touch at each response is connect-redis's: both renew the life of a session at every request.",
    "Express: `above Express alone` is the processor time of a request less what one takes without sessions. Under Node 20 and 22 that can be below zero: Express sets another prototype on each request and response, after which V8 makes a hidden class of its own for each with every property that is added; ours has their properties kept as a dictionary, so it is compared with the others in that mode too. See docs/decisions/0047.",
    ...(newerNode === undefined
      ? ["What is measured under Node 24 is left out: npm could not install it."]
      : []),
  ],
  rows: parts.flatMap(({ rows }) => rows),
  charts: parts.flatMap(({ charts }) => charts),
});

async function readFromRedis(): Promise<Measured> {
  const group = "A request that reads its session from Redis, under Fastify";
  const raw = "raw GET";
  const plugin = "@fastify/session on Redis";
  const notRolling = "@fastify/session on Redis, rolling: false";
  const modes = [
    raw,
    "raw GET, headers",
    "ours on Redis",
    "ours on Redis, JSON",
    plugin,
    notRolling,
  ] as const;
  const costs = await compare({ ...place, path: "/", modes });
  const rows = [
    row(costs, "ours on Redis", raw, { group, atLeast: 0.92, limit: headersLimit }),
    row(costs, "ours on Redis, JSON", raw, { group, atLeast: 0.88, limit: headersLimit }),
    row(costs, "raw GET, headers", raw, { group }),
    row(costs, "ours on Redis", plugin, {
      ...{ group, atLeast: 2.7, limit: "the next row is the raw command by hand, without a session" },
    }),
    row(costs, raw, plugin, { group }),
    row(costs, "ours on Redis", notRolling, { group, atLeast: 1.8 }),
  ];
  const title = "A request that reads its session, Fastify, ours in protobuf: processor time, less is better";
  return { rows, charts: [chartOf(costs, { group, name: "http-read", title })] };
}

async function changedInRedis(): Promise<Measured> {
  const group = "A request that changes its session in Redis, under Fastify";
  const raw = "raw GET, SET EX";
  const script = "raw GET, compare-and-set script";
  const headers = "raw GET, compare-and-set script, headers";
  const plugin = "@fastify/session on Redis";
  const modes = [raw, script, headers, "ours on Redis", plugin] as const;
  const costs = await compare({ ...place, path: "/change", modes });
  const rows = [
    row(costs, "ours on Redis", raw, { group, atLeast: 0.85, limit: headersLimit }),
    row(costs, "ours on Redis", script, { group, atLeast: 0.85, limit: headersLimit }),
    row(costs, headers, raw, { group }),
    row(costs, "ours on Redis", plugin, {
      ...{ group, atLeast: 2.2 },
      limit: "the next row is what the script and the headers are by hand, without a session",
    }),
    row(costs, headers, plugin, { group }),
  ];
  const title =
    "A request that changes its session, Fastify, ours in protobuf: processor time, less is better";
  return { rows, charts: [chartOf(costs, { group, name: "http-change", title })] };
}

/** Under another Node only to be read: the goal is of the one that this process runs in. */
async function underExpress(node?: OtherNode): Promise<Measured> {
  const group = `A request that reads its session from Redis, under Express${node ? ` and Node ${node.version}` : ""}`;
  const alone = "Express alone";
  const raw = "Express with a raw GET";
  const ours = "Express with ours on Redis";
  const theirs = "Express with express-session on Redis";
  // What ours does to requests it does under this Node only.
  const like = [`${alone}, in dictionary mode`, ours, `${theirs}, in dictionary mode`] as const;
  const modes = [alone, raw, ours, theirs, ...(node ? [] : ([like[0], like[2]] as const))] as const;
  const costs = await compare({ ...place, path: "/", modes, ...(node && { execPath: node.execPath }) });
  const limit = "the last row is what one GET by hand adds";
  const rows = [
    costRow(costs, alone, { group }),
    ...(node
      ? []
      : [costRow(costs, like[0], { group }), addedRow(costs, like, { group, atMost: 0.2, limit })]),
    addedRow(costs, [alone, ours, theirs], { group }),
    addedRow(costs, [alone, raw, theirs], { group }),
  ];
  const under = node ? `Express, Node ${Number.parseInt(node.version.slice(1), 10)}` : "Express";
  const title = `A request that reads its session, ${under}, ours in protobuf: processor time, less is better`;
  const name = node ? "express-read-newer-node" : "express-read";
  return { rows, charts: [chartOf(costs, { group, name, title })] };
}

async function inMemory(): Promise<Measured> {
  const group = "A request that reads its session from memory, under Fastify";
  const bare = "handler without sessions";
  const young = "handler without sessions, before a full collection";
  const hooks = "two empty hooks";
  const least = "Map by hand, in a plug-in";
  const modes = [bare, young, hooks, least, "ours in memory"] as const;
  const costs = await compare({ ...place, path: "/", modes });
  const rows = [
    row(costs, "ours in memory", bare, {
      ...{ group, atLeast: 0.75 },
      limit:
        "the next rows are what it is made of. A plug-in's hooks, the hash of the key, a look-up and the headers are there in any case; ours adds the session itself: an object for the app and one for its state, a proxy that refuses undeclared names, the decision what to store, the clock before and after the handler; `bench:profile` shows how much of the time that is. `npm run bench:rate` measures at a steady rate, where the faster server does not gain by finding its client at work",
    }),
    row(costs, hooks, bare, { group }),
    row(costs, least, bare, { group }),
    row(costs, "ours in memory", least, { group }),
    row(costs, young, bare, { group }),
  ];
  const title =
    "A request that reads its session from memory, Fastify, ours in protobuf: processor time, less is better";
  return { rows, charts: [chartOf(costs, { group, name: "memory-read", title })] };
}
