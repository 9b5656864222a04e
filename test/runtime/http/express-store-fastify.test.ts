import cookie from "@fastify/cookie";
import session from "@fastify/session";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import fastify from "fastify";
import { expect, test } from "vitest";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openOver } from "../fixture/open.js";

interface AppSession {
  userId?: number;
  visits: number;
  points: string;
  flash?: string;
}

/** An app of @fastify/session over our sessions, and a browser of it. */
async function start() {
  // @fastify/session has a clock of its own, by which a cookie is over.
  const opened = openOver(createMemoryBackend(), { clock: Date.now });
  const app = fastify();
  await app.register(cookie);
  await app.register(session, {
    secret: "a secret of at least thirty-two letters",
    cookie: { secure: false, maxAge: 600_000 },
    saveUninitialized: false,
    store: expressStore(opened.sessions),
  });
  const bagOf = (request: { session: unknown }) => request.session as AppSession;
  app.get("/in", async (request) => {
    Object.assign(bagOf(request), { userId: 42, flash: "hello" });
    return "";
  });
  app.get("/add", async (request) => {
    bagOf(request).visits += 1;
    bagOf(request).points = "9007199254740993";
    return "";
  });
  app.get("/", async (request) => {
    const { userId, visits, points, flash } = bagOf(request);
    return { userId, visits, points, flash };
  });
  app.get("/until/:end", async (request) => {
    const { end } = request.params as { end: string };
    Object.assign(request.session["cookie"], { originalMaxAge: null, expires: new Date(Number(end)) });
    await request.session.save();
    return "";
  });
  app.get("/out", async (request) => {
    await request.session.destroy();
    return "";
  });
  let sent = "";
  const get = async (url: string) => {
    const response = await app.inject({ url, headers: { cookie: sent } });
    const set = response.cookies[0];
    if (set !== undefined) sent = `${set.name}=${encodeURIComponent(set.value)}`;
    return response;
  };
  return { opened, get };
}

test("@fastify/session over our sessions: typed fields, and whatever else it holds", async () => {
  const { opened, get } = await start();
  await get("/in");
  expect((await get("/add")).statusCode).toBe(200);
  expect((await get("/")).json()).toEqual({
    userId: 42,
    visits: 1,
    points: "9007199254740993",
    flash: "hello",
  });
  const found = [];
  for await (const { data } of opened.sessions.find({ userId: 42 })) found.push(data);
  expect(found).toEqual([expect.objectContaining({ visits: 1, points: 9007199254740993n })]);
  await get("/out");
  expect(await opened.sessions.count()).toBe(0);
  expect((await get("/")).json()).not.toHaveProperty("userId");
});

test("@fastify/session: a session that was revoked is over", async () => {
  const { opened, get } = await start();
  await get("/in");
  expect(await opened.sessions.revoke({ userId: 42 })).toBe(1);
  expect((await get("/")).json()).not.toHaveProperty("userId");
  expect(await opened.sessions.count()).toBe(0);
});

test("@fastify/session: a date at which its cookie ends is when the session does", async () => {
  const { opened, get } = await start();
  await get("/in");
  const end = Date.now() + 5 * 3_600_000;
  await get(`/until/${end}`);
  const { records } = await opened.backend.abilities.scan.scan({ limit: 10 });
  expect(records.map(({ expiresAt }) => expiresAt)).toEqual([end]);
  expect((await get("/")).json().userId).toBe(42);
  await get(`/until/${Date.now() - 1}`);
  expect((await get("/")).json().userId).toBeUndefined();
  expect(await opened.sessions.count({ userId: 42 })).toBe(0);
});
