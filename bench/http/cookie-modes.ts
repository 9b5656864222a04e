import fastifySecureSession from "@fastify/secure-session";
import { createCookieBackend } from "@session-gen/runtime/backends/cookie";
import { fastifySession } from "@session-gen/runtime/fastify";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { getIronSession } from "iron-session";
import { example, openSealedExample } from "./example.js";
import { sessionHeaders, toApp } from "./fastify-modes.js";
import type { App, Mode } from "./mode.js";
import { type BytesSeal, createPlainSeal, createTaggedSeal } from "./seal-by-hand.js";

/** Ways to keep a session in the client's cookie, encrypted, under Fastify. The same key at every start. */
export const cookieModes = {
  "ours in a cookie": (ground) => ours("protobuf", ground.count),
  /** So many clients in turn that a cookie is forgotten before it comes again. */
  "ours in a cookie, 20,000 clients": (ground) => ours("protobuf", ground.count * 20),
  "ours in a cookie, JSON": (ground) => ours("json", ground.count),
  "AES-GCM by hand": (ground) => byHand(plainSeal, ground.count, false),
  /**
   * With what ours promises besides: a tag that commits to the key, the headers of a response that used a session, and that
   * the handler is not asked to do it.
   */
  "AES-GCM and HMAC by hand, in a plug-in": (ground) => byHand(taggedSeal, ground.count, true),
  "@fastify/secure-session": async ({ count }) => {
    const app = fastify();
    app.register(fastifySecureSession, {
      key: secret,
      cookieName: "sid",
      expiry: lifetime,
      cookie: { path: "/", httpOnly: true, secure: true, sameSite: "lax", maxAge: lifetime },
    });
    app.get("/login", (request, reply) => {
      for (const [name, value] of Object.entries(example)) Reflect.set(request.session, name, value);
      reply.send({});
    });
    app.get("/", (request, reply) => void reply.send({ visits: visitsOf(request.session) }));
    app.get("/change", (request, reply) => {
      const visits = visitsOf(request.session) + 1;
      Reflect.set(request.session, "visits", visits);
      reply.send({ visits });
    });
    return toApp(app, await cookiesOf(app, count));
  },
  "iron-session": async ({ count }) => {
    const app = fastify();
    const options = { password: secret.toString("hex"), cookieName: "sid", ttl: lifetime };
    app.get("/login", async (request, reply) => {
      const session = await getIronSession<object>(request.raw, reply.raw, options);
      await Object.assign(session, example).save();
      return {};
    });
    app.get("/", async (request, reply) => ({
      visits: visitsOf(await getIronSession<object>(request.raw, reply.raw, options)),
    }));
    app.get("/change", async (request, reply) => {
      const session = await getIronSession<{ visits: number }>(request.raw, reply.raw, options);
      session.visits += 1;
      await session.save();
      return { visits: session.visits };
    });
    return toApp(app, await cookiesOf(app, count));
  },
} satisfies Readonly<Record<string, Mode>>;

const secret = Buffer.from("the same secret for every run...");

const plainSeal = createPlainSeal(secret);
const taggedSeal = createTaggedSeal(secret);

/** In seconds: as long as ours is idle at most. */
const lifetime = 3600;

async function ours(codec: "json" | "protobuf", count: number): Promise<App> {
  const { sessions, cookies } = await openSealedExample(
    (cookieName) => createCookieBackend({ keys: secret.toString("base64url"), cookieName }),
    { codec, count },
  );
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

interface Kept {
  readonly expiresAt: number;
  readonly session: typeof example;
}

/** What one writes by hand: JSON with its end of life, sealed, in a cookie; in the handler, or in hooks before and after it. */
async function byHand(seal: BytesSeal, count: number, isPlugin: boolean): Promise<App> {
  const app = fastify();
  const read = (header: string | undefined): Kept => {
    const sealed = Buffer.from((header ?? "").slice("sid=".length), "base64url");
    const kept: Kept = JSON.parse(seal.open(sealed).toString());
    if (kept.expiresAt < Date.now()) throw new Error("The session is over.");
    return kept;
  };
  const setCookie = (session: typeof example): string => {
    const kept: Kept = { expiresAt: Date.now() + lifetime * 1000, session };
    const value = seal.seal(JSON.stringify(kept)).toString("base64url");
    return `sid=${value}; Max-Age=${lifetime}; Path=/; HttpOnly; Secure; SameSite=Lax`;
  };
  const cookies = Array.from({ length: count }, () => setCookie(example).split(";")[0] ?? "");
  if (isPlugin) addPlugin(app, read, setCookie);
  else addHandlers(app, read, setCookie);
  return toApp(app, cookies);
}

type ReadCookie = (header: string | undefined) => Kept;
type SetCookie = (session: typeof example) => string;

function addHandlers(app: FastifyInstance, read: ReadCookie, setCookie: SetCookie): void {
  app.get("/", async (request) => ({ visits: read(request.headers.cookie).session.visits }));
  app.get("/change", async (request, reply) => {
    const { session } = read(request.headers.cookie);
    const visits = session.visits + 1;
    reply.header("set-cookie", setCookie({ ...session, visits }));
    return { visits };
  });
}

interface Opened {
  session: typeof example;
  isChanged: boolean;
}

function addPlugin(app: FastifyInstance, read: ReadCookie, setCookie: SetCookie): void {
  const opened = Symbol("opened");
  const openedIn = (request: FastifyRequest): Opened => Reflect.get(request, opened);
  app.decorateRequest(opened, undefined);
  app.addHook("onRequest", (request, _reply, next) => {
    const { session } = read(request.headers.cookie);
    Reflect.set(request, opened, { session, isChanged: false });
    next();
  });
  app.addHook("onSend", (request, reply, _payload, next) => {
    const { session, isChanged } = openedIn(request);
    reply.headers(sessionHeaders);
    if (isChanged) reply.header("set-cookie", setCookie(session));
    next();
  });
  app.get("/", (request, reply) => void reply.send({ visits: openedIn(request).session.visits }));
  app.get("/change", (request, reply) => {
    const own = openedIn(request);
    own.session = { ...own.session, visits: own.session.visits + 1 };
    own.isChanged = true;
    reply.send({ visits: own.session.visits });
  });
}

function visitsOf(session: object): number {
  return Number(Reflect.get(session, "visits"));
}

async function cookiesOf(app: FastifyInstance, count: number): Promise<readonly string[]> {
  await app.ready();
  const cookies: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { headers } = await app.inject({ url: "/login" });
    cookies.push(String(headers["set-cookie"]).split(";")[0] ?? "");
  }
  return cookies;
}
