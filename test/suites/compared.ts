import fastifyCookie from "@fastify/cookie";
import fastifyStoreSession from "@fastify/session";
import express from "express";
import session, { type Store } from "express-session";
import Fastify from "fastify";
import { getIronSession } from "iron-session";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { expressSession } from "../../runtime/http/express.js";
import { type FailingPlan, failingBackend } from "../../runtime/testing/index.js";
import { type Listening, listen } from "./listen.js";
import { openShop } from "./shop-kind.js";

/** What a view may do with a session, in the words of any library. */
export interface Bag {
  put(name: string, value: unknown): void;
  read(name: string): unknown;
  end(): Promise<void>;
}

/** A view; what it gives is the answer. */
export type View = (bag: Bag) => unknown;

/** A site of one library, with its recommended settings. */
export interface Compared extends Listening {
  /** From now on its store takes nothing; where there is one. */
  breakStore?(): void;
}

/** Starts a site that does with each request what `view` says of its path. */
export type StartCompared = (view: (path: string) => View) => Promise<Compared>;

const secret = "a secret of at least thirty-two characters";

/** Sessions as these libraries have them: an object that takes everything. */
const bagOf = (request: object): Bag => {
  const own: object = Reflect.get(request, "session");
  return {
    put: (name, value) => void Reflect.set(own, name, value),
    read: (name) => Reflect.get(own, name),
    end: () => new Promise((resolve) => Reflect.get(own, "destroy").call(own, () => resolve())),
  };
};

function breakable(): { readonly store: Store; readonly breakStore: () => void } {
  const store = new session.MemoryStore();
  const breakStore = (): void => {
    store.set = (_sid, _session, done) => done?.(new Error("down"));
  };
  return { store, breakStore };
}

async function startExpressSession(view: (path: string) => View): Promise<Compared> {
  const { store, breakStore } = breakable();
  const app = express();
  app.use(session({ secret, resave: false, saveUninitialized: false, store }));
  app.use(
    async (request, response) => void response.json((await view(request.path)(bagOf(request))) ?? null),
  );
  return { ...(await listen(app)), breakStore };
}

async function startFastifySession(view: (path: string) => View): Promise<Compared> {
  const { store, breakStore } = breakable();
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyCookie);
  await app.register(fastifyStoreSession, {
    secret,
    cookie: { secure: false },
    saveUninitialized: false,
    store: store as never,
  });
  app.get("/*", async (request, reply) => {
    const answer = (await view(request.url)(bagOf(request))) ?? null;
    return reply.type("application/json").send(JSON.stringify(answer));
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, close: () => app.close(), breakStore };
}

async function startIronSession(view: (path: string) => View): Promise<Compared> {
  const app = express();
  app.use(async (request, response) => {
    const options = { password: secret, cookieName: "sid", cookieOptions: { secure: false } };
    const own = await getIronSession<Record<string, unknown>>(request, response, options);
    let isChanged = false;
    const answer = await view(request.path)({
      put: (name, value) => {
        isChanged = true;
        own[name] = value;
      },
      read: (name) => own[name],
      end: async () => own.destroy(),
    });
    if (isChanged) await own.save();
    response.json(answer ?? null);
  });
  return listen(app);
}

async function startOurs(view: (path: string) => View): Promise<Compared> {
  const plan: FailingPlan = {};
  const sessions = openShop(failingBackend(createMemoryBackend(), plan));
  const app = express();
  app.use(expressSession(sessions));
  app.use(async (request, response) => {
    const own = sessions.of(request);
    const bag: Bag = {
      put: (name, value) => void Reflect.apply(own.update, own, [{ [name]: value }]),
      read: (name) => Reflect.get(own.toObject(), name),
      end: () => own.destroy(),
    };
    response.json((await view(request.path)(bag)) ?? null);
  });
  const breakStore = (): void => void Object.assign(plan, { create: "reject", save: "reject" });
  return { ...(await listen(app)), breakStore };
}

/** The libraries that run here. */
export const compared: Readonly<
  Record<"session-gen" | "express-session" | "@fastify/session" | "iron-session", StartCompared>
> = {
  "session-gen": startOurs,
  "express-session": startExpressSession,
  "@fastify/session": startFastifySession,
  "iron-session": startIronSession,
};
