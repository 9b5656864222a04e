import type { SessionBackend } from "@session-gen/runtime";
import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
import { createRedisBackend } from "@session-gen/runtime/backends/redis";
import { expressSession } from "@session-gen/runtime/express";
import connectPgSimple from "connect-pg-simple";
import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import session from "express-session";
import pg from "pg";
import { createClient } from "redis";
import { useDictionaryMode } from "../../runtime/http/express/dictionary-mode.js";
import { example, openExample } from "./example.js";
import { cookiesBy } from "./log-in.js";
import type { App, Ground, Mode } from "./mode.js";

/** Ways to keep a session under Express, and to keep none. */
export const expressModes = {
  "Express alone": ({ count }) => alone(quiet(), count),
  "Express alone, in dictionary mode": ({ count }) => alone(inDictionaryMode(), count),
  /** What one writes by hand, who trusts everybody. */
  "Express with a raw GET": (ground) => byHand(ground),
  "Express with ours on Redis": ({ redis, count }) => ours(createRedisBackend({ redis }), count),
  "Express with express-session on Redis": async ({ url, count }) =>
    theirs(quiet(), await storeOnRedis(url), count),
  "Express with express-session on Redis, in dictionary mode": async ({ url, count }) =>
    theirs(inDictionaryMode(), await storeOnRedis(url), count),
  "Express with ours on PostgreSQL": async ({ url, count }) => {
    const backend = createDatabaseBackend({ dialect: "postgres", url, table: "express_sessions" });
    await backend.createTable();
    return ours(backend, count);
  },
  "Express with connect-pg-simple": async ({ url, count }) => {
    const PostgresStore = connectPgSimple(session);
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    return theirs(quiet(), new PostgresStore({ pool, createTableIfMissing: true }), count);
  },
} satisfies Readonly<Record<string, Mode>>;

async function alone(app: Express, count: number): Promise<App> {
  app.get(["/", "/change"], (_request, response) => void response.json({ visits: example.visits }));
  return { listener: app, cookies: Array.from({ length: count }, (_, index) => `sid=${index}`) };
}

async function byHand({ redis, count }: Ground): Promise<App> {
  const app = quiet();
  app.get("/", async (request, response) => {
    const text = await redis.get((request.headers.cookie ?? "").slice("sid=".length));
    response.json({ visits: JSON.parse(text ?? "").visits });
  });
  const ids = Array.from({ length: count }, (_, index) => `by-hand-${String(index).padStart(40, "0")}`);
  for (const id of ids) await redis.set(id, JSON.stringify(example), "EX", 3600);
  return { listener: app, cookies: ids.map((id) => `sid=${id}`) };
}

async function ours(backend: SessionBackend, count: number): Promise<App> {
  const { sessions, cookies } = await openExample(backend, { count });
  const app = quiet();
  app.use(expressSession(sessions));
  app.get("/", (request, response) => void response.json({ visits: sessions.of(request).visits }));
  app.get("/change", (request, response) => {
    const session = sessions.of(request);
    session.visits += 1;
    response.json({ visits: session.visits });
  });
  return { listener: app, cookies };
}

async function storeOnRedis(url: string): Promise<session.Store> {
  const client = await createClient({ url }).connect();
  return new RedisStore({ client, prefix: "express:" });
}

async function theirs(app: Express, store: session.Store, count: number): Promise<App> {
  app.use(
    session({
      secret: "the same secret for every run of this bench",
      store,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 3_600_000 },
    }),
  );
  const visitsOf = (bag: object): number => Number(Reflect.get(bag, "visits"));
  app.get("/login", (request, response) => {
    Object.assign(bagOf(request), example);
    response.end();
  });
  app.get("/", (request, response) => void response.json({ visits: visitsOf(bagOf(request)) }));
  app.get("/change", (request, response) => {
    const visits = visitsOf(bagOf(request)) + 1;
    Object.assign(bagOf(request), { visits });
    response.json({ visits });
  });
  return { listener: app, cookies: await cookiesBy(app, "/login", count) };
}

function quiet(): Express {
  return express().disable("x-powered-by").disable("etag");
}

/** What ours does first with each request, and nothing else. */
function inDictionaryMode(): Express {
  return quiet().use((request, response, next) => {
    useDictionaryMode(request, response);
    next();
  });
}

/** Its typings would clash with those of ours, which are in this program too. */
function bagOf(request: object): object {
  const bag: unknown = Reflect.get(request, "session");
  if (typeof bag !== "object" || bag === null) throw new Error("There is no session.");
  return bag;
}
