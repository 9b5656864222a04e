import cookie from "@fastify/cookie";
import fastifyOld from "@fastify/session";
import session from "express-session";
import fastify from "fastify";
import { expect, it } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { fromExpressSession } from "../../runtime/http/adopt.js";
import { fastifySession } from "../../runtime/http/fastify.js";
import { openShop } from "../suites/shop-kind.js";

const secret = "the secret of the old sessions, long enough";

it.each(["s:", ""])(
  "adopts a session of @fastify/session, whose cookiePrefix is that of express-session or none: %j",
  async (cookiePrefix) => {
    const store = new session.MemoryStore();
    const old = fastify();
    await old.register(cookie);
    await old.register(fastifyOld, {
      secret,
      store,
      cookiePrefix,
      saveUninitialized: false,
      cookie: { secure: false },
    });
    old.get("/login", async (request) => {
      Object.assign(request.session, { userId: 42 });
      return {};
    });
    const [given] = (await old.inject("/login")).cookies;
    expect(given?.name).toBe("sessionId");

    const sessions = openShop(createMemoryBackend());
    const app = fastify();
    await app.register(fastifySession, {
      sessions,
      adopt: fromExpressSession({ store, secret, name: "sessionId" }),
    });
    app.get("/", async (request) => ({ userId: sessions.of(request).userId ?? null }));
    const headers = { cookie: `sessionId=${encodeURIComponent(given?.value ?? "")}` };
    expect((await app.inject({ url: "/", headers })).json()).toEqual({ userId: 42 });
    const forged = { cookie: `${headers.cookie.slice(0, -1)}${headers.cookie.endsWith("A") ? "B" : "A"}` };
    expect((await app.inject({ url: "/", headers: forged })).json()).toEqual({ userId: null });
    await Promise.all([old.close(), app.close()]);
  },
);
