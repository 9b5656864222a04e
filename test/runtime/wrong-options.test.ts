import express from "express";
import fastify from "fastify";
import { expect, test } from "vitest";
import { createSessions as createShop } from "../../generated/index.js";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createCookieBackend } from "../../runtime/backends/cookie.js";
import { createDatabaseBackend } from "../../runtime/backends/database.js";
import { createFileBackend } from "../../runtime/backends/file.js";
import { createJwtBackend } from "../../runtime/backends/jwt.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { fromExpressSession } from "../../runtime/http/adopt.js";
import { csrfProtection } from "../../runtime/http/csrf.js";
import { expressSession } from "../../runtime/http/express.js";
import { expressStore, expressStoreBackend } from "../../runtime/http/express-store.js";
import { fastifySession } from "../../runtime/http/fastify.js";
import { fetchSession } from "../../runtime/http/fetch.js";
import { honoSession } from "../../runtime/http/hono.js";
import { koaSession } from "../../runtime/http/koa.js";
import { getSession, sessionProxy } from "../../runtime/http/next.js";
import { nodeSession } from "../../runtime/http/node.js";
import { createLogSink } from "../../runtime/observability/log.js";
import { createPrometheusSink } from "../../runtime/observability/prometheus.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { createSessions } from "./fixture/generated/index.js";

type Open = (options: never) => unknown;

const sessions = createSessions({ backend: createMemoryBackend() });
const memory = createMemoryBackend();
const parts = { cache: memory, store: createMemoryBackend() };
const sides = { primary: memory, secondary: createMemoryBackend() };
const pair = createReplicatedBackend({ primary: createMemoryBackend(), secondary: createMemoryBackend() });
const open: Open = (options) => createSessions(options);
const nothing = (): Response => new Response();

/** What code without types gives, where no compiler looks, and the option that it is told of. */
const wrong: readonly (readonly [told: string, open: Open, options: unknown])[] = [
  ["createSessions has no option cookies", open, { cookies: { sameSite: "strict" } }],
  ["createSessions.clock must be", open, { clock: 1 }],
  ["createSessions.logger must be", open, { logger: {} }],
  ["createSessions.sinks must be", open, { sinks: [{}] }],
  ["createSessions.expiry must be", open, { expiry: "5m" }],
  ["createSessions.rotation must be", open, { rotation: true }],
  ["cookie has no option httponly", open, { cookie: { httponly: false } }],
  ["cookie.secure must be", open, { cookie: { secure: 0 } }],
  ["cookie.httpOnly must be", open, { cookie: { httpOnly: null } }],
  ["cookie.sameSite must be", open, { cookie: { sameSite: true } }],
  ["expiry has no option idleTimeout", open, { expiry: { idleTimeout: "5m" } }],
  ["expiry.idle must be", open, { expiry: { idle: null } }],
  ["rotation.onChange must be", open, { rotation: { onChange: "userId" } }],
  ["createPrometheusSink.registry must be", createPrometheusSink, { registry: {} }],
  ["createLogSink.logger must be", createLogSink, { logger: "console" }],
  ["createMemoryBackend.clock must be", createMemoryBackend, { clock: 1 }],
  ["createFileBackend.indexes must be", createFileBackend, { directory: "x", indexes: "userId" }],
  ["createDatabaseBackend.kysely must be", createDatabaseBackend, { dialect: "postgres", kysely: {} }],
  ["createDatabaseBackend.dialect must be", createDatabaseBackend, { dialect: "oracle", url: "x" }],
  ["createRedisBackend.redis must be", createRedisBackend, { redis: { get: nothing, set: nothing } }],
  ["createCachedBackend.cache must be", createCachedBackend, { ...parts, cache: {} }],
  ["createReplicatedBackend.secondary must be", createReplicatedBackend, { ...sides, secondary: {} }],
  ["createReplicatedBackend.mode must be", createReplicatedBackend, { ...sides, mode: "synch" }],
  ["createReplicatedBackend.failover must be", createReplicatedBackend, { ...sides, failover: "no" }],
  ["createReplicatedBackend.capacity must be", createReplicatedBackend, { ...sides, capacity: "many" }],
  [
    "createReplicatedBackend.primary is replicated itself",
    createReplicatedBackend,
    { ...sides, primary: pair },
  ],
  [
    "createReplicatedBackend.secondary is replicated itself",
    createReplicatedBackend,
    { ...sides, secondary: pair },
  ],
  ["createReplicatedBackend needs its primary", createReplicatedBackend, { secondary: memory }],
  ["one backend as both of its sides", createReplicatedBackend, { primary: memory, secondary: memory }],
  ["retry.delay must be", createReplicatedBackend, { ...sides, retry: { delay: true } }],
  ["createCookieBackend has no option name", createCookieBackend, { keys: "x", name: "sid" }],
  ["createJwtBackend has no option aud", createJwtBackend, { algorithm: "HS256", keys: "x", aud: "me" }],
  ["expressSession has no option csfr", (options) => expressSession(sessions, options), { csfr: true }],
  ["koaSession.csrf must be", (options) => koaSession(sessions, options), { csrf: "off" }],
  ["csrf has no option origins", (options) => honoSession(sessions, options), { csrf: { origins: [] } }],
  [
    "fetchSession.trustProxy must be",
    (options) => fetchSession(sessions, nothing, options),
    { trustProxy: "false" },
  ],
  ["nodeSession.skip must be", (options) => nodeSession(sessions, nothing, options), { skip: "/assets" }],
  ["sessionProxy.readOnly must be", (options) => sessionProxy(sessions, options), { readOnly: true }],
  ["expressSession.adopt must be", (options) => expressSession(sessions, options), { adopt: {} }],
  ["options of expressSession must be an object", (options) => expressSession(sessions, options), null],
  ["nodeSession needs a function", (options) => nodeSession(sessions, options), { skip: nothing }],
  ["fetchSession needs a function", (options) => fetchSession(sessions, options), undefined],
  ["trustedOrigin", (options) => csrfProtection(sessions, options), { trustedOrigin: ["https://a.test"] }],
  ["something else in the place of its sessions", csrfProtection as Open, {}],
  ["something else in the place of its sessions", expressStore as Open, express()],
  ["fromExpressSession.store must be", fromExpressSession, { store: {}, secret: "s" }],
  ["fromExpressSession.map must be", fromExpressSession, { store: memoryStore(), secret: "s", map: {} }],
  ["expressStoreBackend.store must be", expressStoreBackend, {}],
  ["startCleanup.every must be", (options) => sessions.startCleanup(options), { every: null }],
];

test.each(wrong)("an option that is none says so: %s", (told, openWith, options) => {
  expect(() => openWith(options as never)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(told) }),
  );
});

test("Fastify hears of a wrong option, and the process lives", async () => {
  const app = fastify();
  const register = app.register(fastifySession, { sessions, csrf: { trustedOrigins: 1 } } as never);
  await expect(register).rejects.toThrow("csrf.trustedOrigins must be");
});

test.each([
  ["await cookies()", sessions, Promise.resolve(new Map())],
  ["await cookies()", sessions, undefined],
  ["in the place of its sessions", undefined, new Map()],
])("what getSession is given says what is missing: %s", async (told, given, cookies) => {
  const got = getSession(given as never, cookies as never);
  await expect(got).rejects.toMatchObject({ code: "config", message: expect.stringContaining(told) });
});

test("whom to keep is a session, or nobody is ended", async () => {
  const session = sessions.create({ userId: 1 });
  await session.save();
  const revoking = sessions.revoke({ userId: 1 }, { except: session.key } as never);
  await expect(revoking).rejects.toThrow("revoke.except must be a session");
  expect(await sessions.count({ userId: 1 })).toBe(1);
});

test("a Cookie header is a text, or there is none, as Headers have it", async () => {
  expect((await sessions.fromCookie(new Headers().get("cookie"))).isNew).toBe(true);
  await expect(sessions.fromCookie(["session=x"] as never)).rejects.toMatchObject({ code: "invalid" });
});

test.each([Number.NaN, undefined, null, "", true, 10n, Promise.resolve(0)])(
  "a clock that answers %s ends no session late",
  async (time) => {
    const clock = { time: Date.now() as unknown };
    const kept = createSessions({ backend: createMemoryBackend(), clock: () => clock.time as number });
    const session = kept.create({ userId: 1 });
    await session.save();
    clock.time = time;
    const refused = { code: "config", message: expect.stringContaining("must answer epoch milliseconds") };
    await expect(kept.load(session.key ?? "")).rejects.toMatchObject(refused);
    expect(() => kept.create()).toThrow(expect.objectContaining(refused));
  },
);

test("an option that is undefined leaves what the schema says", async () => {
  const shop = createShop({
    backend: createMemoryBackend(),
    clock: fakeClock(),
    expiry: { idle: undefined } as never,
  });
  const session = shop.create();
  expect(session.expiresAt - session.createdAt).toBe(7 * 86_400_000);
});

function memoryStore(): { get: Open; destroy: Open } {
  return { get: () => {}, destroy: () => {} };
}
