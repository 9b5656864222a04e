import { MemoryStore as FastifyMemoryStore } from "@fastify/session";
import { RedisStore } from "connect-redis";
import { MemoryStore } from "express-session";
import { createClient } from "redis";
import { afterAll, describe, expect, test } from "vitest";
import { expressStoreBackend, type ForeignStore } from "../../../runtime/http/express-store.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { sharedServer } from "../../servers/shared-server.js";
import { within } from "../../servers/until.js";
import { backendSuite } from "../../suites/backend.js";
import { openOver, stored } from "../fixture/open.js";

const none = { abilities: [] };
const client = await within(60_000, createClient({ url: await sharedServer("redis") }).connect());
afterAll(() => client.close());
const redis = new RedisStore({ client, prefix: `session-gen-${process.pid}:` });

backendSuite("the MemoryStore of express-session", () => expressStoreBackend(new MemoryStore()), none);
backendSuite(
  "the MemoryStore of @fastify/session",
  () => expressStoreBackend(new FastifyMemoryStore()),
  none,
);
backendSuite("connect-redis", () => expressStoreBackend(redis), none);

describe("a store of another library as a backend", () => {
  test("has hashed sids, and a cookie whose life the store can go by", async () => {
    const store = new MemoryStore();
    const { sessions } = openOver(expressStoreBackend(store), { clock: Date.now });
    const session = sessions.create({ userId: 1, secret: "s" });
    await session.save();
    const all = await new Promise<object>((resolve) => store.all((_, found) => resolve(found ?? {})));
    const [[sid = "", bag] = []] = Object.entries(all);
    expect(sid).toMatch(/^session-gen-[0-9a-f]{64}$/);
    expect(JSON.stringify(all)).not.toContain(session.key);
    expect(Object.keys(bag)).toEqual(["cookie", "sessionGen"]);
    expect(Date.parse(bag.cookie.expires)).toBeGreaterThan(session.expiresAt + 60_000);
  });

  test("an end is final: what another process writes again is not shown, and nothing is written", async () => {
    const store = new MemoryStore();
    const backend = expressStoreBackend(store);
    await backend.create(record());
    await backend.delete("one");
    const sameStore: ForeignStore = {
      get: store.get.bind(store),
      set: store.set.bind(store),
      destroy: store.destroy.bind(store),
    };
    await expressStoreBackend(sameStore).create(record());
    expect([await backend.load("one"), await backend.exists("one")]).toEqual([null, false]);
    expect([await backend.create(record()), await backend.save(record(2))]).toEqual([false, false]);
  });

  test("a session that is damaged gives its user a fresh one", async () => {
    const store = new FastifyMemoryStore();
    const { sessions, warnings } = openOver(expressStoreBackend(store));
    const key = await stored(sessions, { userId: 1 });
    const held = (store as unknown as { readonly store: Map<string, unknown> }).store;
    for (const sid of held.keys()) held.set(sid, { cookie: {}, sessionGen: "5 {" });
    expect(await sessions.load(key)).toBeNull();
    expect(warnings.join()).toContain("cannot be read");
  });

  test.each<[string, (error: Error, done: (error: unknown) => void) => unknown]>([
    ["calls back with an error", (error, done) => done(error)],
    [
      "throws",
      (error) => {
        throw error;
      },
    ],
    ["rejects", (error) => Promise.reject(error)],
  ])("that %s is unavailable, without what it was about", async (_, fail) => {
    const error = Object.assign(new Error("SET secret-value"), { code: "ECONNRESET" });
    const store: ForeignStore = {
      get: (_sid, done) => fail(error, done) as never,
      set: (_sid, _session, done) => fail(error, done) as never,
      destroy: (_sid, done) => fail(error, done) as never,
    };
    const backend = expressStoreBackend(store);
    for (const call of [
      () => backend.load("one"),
      () => backend.create(record()),
      () => backend.delete("one"),
    ]) {
      const thrown = await call().catch((reason: unknown) => reason);
      expect(thrown).toMatchObject({ code: "unavailable", details: { code: "ECONNRESET" } });
      expect(`${thrown} ${JSON.stringify(thrown)}`).not.toContain("secret");
    }
  });

  test("cannot search, which does not compile", () => {
    const { sessions } = openOver(expressStoreBackend(new MemoryStore()));
    // @ts-expect-error Such a store cannot search.
    expect(sessions.revoke).toBeUndefined();
  });
});

function record(revision = 1): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const place = { id: "one", tenant: null, header: "1;json;-;-;x", indexed: {} };
  const times = { createdAt: 0, expiresAt: Date.now() + 3_600_000 };
  return { ...place, ...times, data, revision, writeId: `w${revision}` };
}
