import { hash } from "node:crypto";
import fastifyCookie from "@fastify/cookie";
import pluginSession from "@fastify/session";
import type { SessionBackend } from "@session-gen/runtime";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { createRedisBackend } from "@session-gen/runtime/backends/redis";
import { fastifySession } from "@session-gen/runtime/fastify";
import { RedisStore } from "connect-redis";
import fastify, { type FastifyInstance } from "fastify";
import { createClient } from "redis";
import { example, openExample } from "./example.js";
import type { App, Ground, Mode } from "./mode.js";

/** Ways to keep a session under Fastify, and to keep none. */
export const fastifyModes = {
  "handler without sessions": ({ count }) => withoutSessions(count),
  /** The same, in a process that is not told to collect its garbage. */
  "handler without sessions, before a full collection": ({ count }) => withoutSessions(count),
  /** What Fastify takes for the hooks of a plug-in that does nothing in them. */
  "two empty hooks": ({ count }) => withEmptyHooks(count),
  "Map by hand, in a plug-in": ({ count }) => mapByHand(count),
  "ours in memory": (ground) => ours(createMemoryBackend(), "protobuf", ground),
  "ours on Redis": (ground) => ours(createRedisBackend({ redis: ground.redis }), "protobuf", ground),
  "ours on Redis, JSON": (ground) => ours(createRedisBackend({ redis: ground.redis }), "json", ground),
  "raw GET": (ground) => raw(ground, setForAnHour),
  "raw GET, headers": (ground) => raw(ground, setForAnHour, true),
  "raw GET, SET EX": (ground) => raw(ground, setForAnHour),
  "raw GET, compare-and-set script": (ground) => raw(ground, compareAndSet),
  /** The same with the headers that no response which used a session can be without. */
  "raw GET, compare-and-set script, headers": (ground) => raw(ground, compareAndSet, true),
  "@fastify/session on Redis": (ground) => plugin(ground, true),
  "@fastify/session on Redis, rolling: false": (ground) => plugin(ground, false),
} satisfies Readonly<Record<string, Mode>>;

const setForAnHour: RawWrite = ({ redis }, id, text) => redis.set(id, text, "EX", 3600);

const compareAndSet: RawWrite = async ({ redis }, id, text, before) => {
  const written = await redis.evalsha(compareAndSetHash, 1, id, before, text, 3600);
  if (written !== 1) throw new Error("somebody else wrote");
};

/** Named by its hash, once the server has it, as ioredis does with a defined command. */
const compareAndSetScript =
  "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) return 1";

const compareAndSetHash = hash("sha1", compareAndSetScript, "hex");

/** What no response that used a session can be without. */
export const sessionHeaders = { vary: "Cookie", "cache-control": 'private, no-cache="Set-Cookie"' };

function idOf(index: number): string {
  return `raw-${String(index).padStart(40, "0")}`;
}

/** The handler without sessions. */
function withoutSessions(count: number, app = fastify()): Promise<App> {
  app.get("/", (_request, reply) => void reply.send({ visits: example.visits }));
  return toApp(
    app,
    Array.from({ length: count }, (_, index) => `sid=${idOf(index)}`),
  );
}

function withEmptyHooks(count: number): Promise<App> {
  const app = fastify();
  app.addHook("onRequest", (_request, _reply, next) => next());
  app.addHook("onSend", (_request, _reply, _payload, next) => next());
  return withoutSessions(count, app);
}

/** The least that a plug-in does for a session in memory: the hash of its key, a look-up, and the headers. */
async function mapByHand(count: number): Promise<App> {
  const app = fastify();
  const kept = new Map<string, typeof example>();
  const cookies = Array.from({ length: count }, (_, index) => `sid=${idOf(index)}`);
  for (const cookie of cookies)
    kept.set(hash("sha256", cookie.slice("sid=".length), "base64url"), { ...example });
  app.decorateRequest("kept", undefined);
  app.addHook("onRequest", (request, _reply, next) => {
    const key = (request.headers.cookie ?? "").slice("sid=".length);
    Reflect.set(request, "kept", kept.get(hash("sha256", key, "base64url")));
    next();
  });
  app.addHook("onSend", (_request, reply, _payload, next) => {
    reply.headers(sessionHeaders);
    next();
  });
  app.get("/", (request, reply) => void reply.send({ visits: Reflect.get(request, "kept").visits }));
  return toApp(app, cookies);
}

async function ours(backend: SessionBackend, codec: "json" | "protobuf", { count }: Ground): Promise<App> {
  const { sessions, cookies } = await openExample(backend, { codec, count });
  const app = fastify();
  app.register(fastifySession, { sessions });
  app.get("/", (request, reply) => void reply.send({ visits: sessions.of(request).visits }));
  app.get("/change", (request, reply) => {
    const session = sessions.of(request);
    session.visits += 1;
    reply.send({ visits: session.visits });
  });
  return toApp(app, cookies);
}

type RawWrite = (ground: Ground, id: string, text: string, before: string) => Promise<unknown>;

/** What one writes by hand: the id out of the cookie, a GET, `JSON.parse`; and to change it, a write before the answer. */
async function raw(ground: Ground, write: RawWrite, hasHeaders = false): Promise<App> {
  const { redis, count } = ground;
  await redis.script("LOAD", compareAndSetScript);
  const app = fastify();
  const cookieOf = (id: string): string => `sid=${id}; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax`;
  const load = async (cookie: string | undefined) => {
    const id = (cookie ?? "").slice("sid=".length);
    const text = (await redis.get(id)) ?? "";
    return { id, text, session: JSON.parse(text) };
  };
  app.get("/", async (request, reply) => {
    const { session } = await load(request.headers.cookie);
    if (hasHeaders) reply.headers(sessionHeaders);
    return { visits: session.visits };
  });
  app.get("/change", async (request, reply) => {
    const { id, text, session } = await load(request.headers.cookie);
    session.visits += 1;
    await write(ground, id, JSON.stringify(session), text);
    if (hasHeaders) reply.headers(sessionHeaders).header("set-cookie", cookieOf(id));
    return { visits: session.visits };
  });
  const ids = Array.from({ length: count }, (_, index) => idOf(index));
  for (const id of ids) await redis.set(id, JSON.stringify(example), "EX", 3600);
  return toApp(
    app,
    ids.map((id) => `sid=${id}`),
  );
}

/** As its manual advises: a session that holds nothing is not saved. */
async function plugin({ url, count }: Ground, rolling: boolean): Promise<App> {
  const client = await createClient({ url }).connect();
  const app = fastify();
  app.register(fastifyCookie);
  app.register(pluginSession, {
    secret: "the same secret for every run of this bench",
    store: new RedisStore({ client, prefix: `plug-in-${rolling}:` }),
    saveUninitialized: false,
    rolling,
    cookie: { secure: false, maxAge: 3_600_000 },
  });
  app.get("/login", (request, reply) => {
    Object.assign(request.session, example);
    reply.send({});
  });
  const visitsOf = (session: object): number => Number(Reflect.get(session, "visits"));
  app.get("/", (request, reply) => void reply.send({ visits: visitsOf(request.session) }));
  app.get("/change", (request, reply) => {
    const visits = visitsOf(request.session) + 1;
    Object.assign(request.session, { visits });
    reply.send({ visits });
  });
  const cookies: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await app.inject({ url: "/login" });
    cookies.push(...answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`));
  }
  return toApp(app, cookies);
}

/** The app once it is ready, and the cookies of its sessions. */
export async function toApp(app: FastifyInstance, cookies: readonly string[]): Promise<App> {
  await app.ready();
  return { listener: app.routing, cookies };
}
