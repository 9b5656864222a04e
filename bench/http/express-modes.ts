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
import { example, openExample } from "./example.js";
import { cookiesBy } from "./log-in.js";
import type { App, Ground, Mode } from "./mode.js";

/** Ways to keep a session under Express, and to keep none. */
export const expressModes = {
  "Express alone": async ({ count }) => {
    const app = quiet();
    app.get(["/", "/change"], (_request, response) => void response.json({ visits: example.visits }));
    return { listener: app, cookies: Array.from({ length: count }, (_, index) => `sid=${index}`) };
  },
  /** What one writes by hand, who trusts everybody. */
  "Express with a raw GET": (ground) => byHand(quiet(), ground),
  /** As many as ours adds: the session and where it is kept; the four methods that send, and who gets what they are given. */
  "Express with a raw GET, seven properties": (ground) => {
    const app = quiet();
    const names = Array.from({ length: 7 }, (_, index) => Symbol(`property ${index}`));
    app.use((request, response, next) => {
      for (const [index, name] of names.entries()) Reflect.set(index < 2 ? request : response, name, next);
      next();
    });
    return byHand(app, ground);
  },
  "Express with ours on Redis": ({ redis, count }) => ours(createRedisBackend({ redis }), count),
  "Express with express-session on Redis": async ({ url, count }) => {
    const client = await createClient({ url }).connect();
    return theirs(new RedisStore({ client, prefix: "express:" }), count);
  },
  "Express with ours on PostgreSQL": async ({ url, count }) => {
    const backend = createDatabaseBackend({ dialect: "postgres", url, table: "express_sessions" });
    await backend.createTable();
    return ours(backend, count);
  },
  "Express with connect-pg-simple": async ({ url, count }) => {
    const PostgresStore = connectPgSimple(session);
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    return theirs(new PostgresStore({ pool, createTableIfMissing: true }), count);
  },
} satisfies Readonly<Record<string, Mode>>;

async function byHand(app: Express, { redis, count }: Ground): Promise<App> {
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

async function theirs(store: session.Store, count: number): Promise<App> {
  const app = quiet();
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

/** Its typings would clash with those of ours, which are in this program too. */
function bagOf(request: object): object {
  const bag: unknown = Reflect.get(request, "session");
  if (typeof bag !== "object" || bag === null) throw new Error("There is no session.");
  return bag;
}
