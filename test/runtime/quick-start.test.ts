import type { SessionBackend, SessionRecord } from "@session-gen/runtime";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { fakeClock, testBackend } from "@session-gen/runtime/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createSessions } from "./fixture/generated/index.js";
import { mustLoad } from "./fixture/open.js";

test("a session over the memory backend", async () => {
  const sessions = createSessions({ backend: createMemoryBackend() });
  const session = sessions.create();
  session.set("userId", 42);
  session.set("name", "alice");
  expectTypeOf(session.get("userId")).toEqualTypeOf<number | undefined>();
  expect(session.get("userId")).toBe(42);
  expect(session.userId).toBe(42);
  expect(session.has("name")).toBe(true);
  expect(session.delete("name")).toBe(true);
  expect(session.has("name")).toBe(false);
  await session.save();

  const loaded = await mustLoad(sessions, session.key ?? "");
  expect([loaded.keys(), loaded.userId, loaded.name]).toEqual([["userId"], 42, undefined]);
  expect(await sessions.revoke({ userId: 42 })).toBe(1);
  expect(await sessions.load(session.key ?? "")).toBeNull();
});

function recordOf(id: string, data: unknown, lifeSeconds: number): SessionRecord {
  return {
    id,
    tenant: null,
    header: "",
    data: new TextEncoder().encode(JSON.stringify(data)),
    revision: 1,
    writeId: "first",
    createdAt: Date.now(),
    expiresAt: Date.now() + lifeSeconds * 1000,
    indexed: {},
  };
}

test("a backend, used directly", async () => {
  const backend = createMemoryBackend();
  const data = { user_id: 42, username: "alice", authenticated: true };
  const record = recordOf("session_key_123", data, 3600);
  expect(await backend.create(record)).toBe(true);
  expect(await backend.exists("session_key_123")).toBe(true);

  const loaded = await backend.load("session_key_123");
  expect(loaded).toEqual(record);
  expect(JSON.parse(new TextDecoder().decode(loaded?.data))).toEqual(data);

  expect(await backend.save({ ...record, revision: 2, writeId: "second" })).toBe(true);
  expect(await backend.save({ ...record, revision: 2, writeId: "third" })).toBe(false);

  expect(await backend.delete("session_key_123")).toBe(true);
  expect(await backend.exists("session_key_123")).toBe(false);
  expect(await backend.load("session_key_123")).toBeNull();
  expect(await backend.save({ ...record, revision: 3, writeId: "fourth" })).toBe(false);
});

/** What is needed of a cache; a `Map` behind promises will do. */
interface Cache {
  get(id: string): Promise<SessionRecord | undefined>;
  set(id: string, record: SessionRecord): Promise<unknown>;
  delete(id: string): Promise<boolean>;
}

/** As in the quick start: compares and swaps within this process, calls that write waiting for each other. */
function createCacheBackend(cache: Cache): SessionBackend<object> {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const isThere = (record: SessionRecord, present: SessionRecord | undefined): boolean =>
    present?.revision === record.revision && present.writeId === record.writeId;
  const put = (record: SessionRecord, isReplaced: (present: SessionRecord | undefined) => boolean) =>
    alone(async () => {
      const present = await cache.get(record.id);
      if (!isReplaced(present)) return isThere(record, present);
      await cache.set(record.id, record);
      return true;
    });
  return {
    atomicity: "process",
    abilities: {},
    create: (record) => put(record, (present) => present === undefined),
    load: async (id) => (await cache.get(id)) ?? null,
    save: (record) => put(record, (present) => present?.revision === record.revision - 1),
    touch: (id, revision, expiresAt) =>
      alone(async () => {
        const present = await cache.get(id);
        if (present?.revision !== revision) return false;
        await cache.set(id, { ...present, expiresAt });
        return true;
      }),
    delete: (id) => alone(() => cache.delete(id)),
    exists: async (id) => (await cache.get(id)) !== undefined,
  };
}

function createCache() {
  const records = new Map<string, SessionRecord>();
  const cache: Cache = {
    get: async (id) => records.get(id),
    set: async (id, record) => records.set(id, record),
    delete: async (id) => records.delete(id),
  };
  return { records, backend: createCacheBackend(cache) };
}

describe("a backend of one's own, over a cache", () => {
  test("keeps sessions, under what is no key", async () => {
    const { records, backend } = createCache();
    const clock = fakeClock();
    const sessions = createSessions({ backend, clock, expiry: { idle: 7200 } });
    const session = sessions.create({ theme: "dark", prefs: { language: "en" }, isAdmin: true });
    await session.save();
    const loaded = await mustLoad(sessions, session.key ?? "");
    expect(loaded.toObject()).toMatchObject({ theme: "dark", prefs: { language: "en" }, isAdmin: true });
    expect([...records.keys()]).toEqual([session.handle]);
    clock.advance(7199);
    expect(await sessions.exists(session.key ?? "")).toBe(true);
    clock.advance(1);
    expect(await sessions.exists(session.key ?? "")).toBe(false);
  });

  test("merges two requests at once, and ends what is ended", async () => {
    const { records, backend } = createCache();
    const sessions = createSessions({ backend });
    const key = await sessions.create({ visits: 1 }).ensureKey();
    const requests = await Promise.all([1, 2, 3].map(() => mustLoad(sessions, key)));
    for (const request of requests) request.visits += 1;
    await Promise.all(requests.map((request) => request.save()));
    expect((await mustLoad(sessions, key)).visits).toBe(4);
    expect(await sessions.delete(key)).toBe(true);
    expect(records.size).toBe(0);
  });

  test("has the methods that its abilities allow, and no others", () => {
    const sessions = createSessions({ backend: createCache().backend });
    expectTypeOf(sessions).not.toHaveProperty("revoke");
    expect("revoke" in sessions).toBe(false);
  });

  test.each([...testBackend(() => createCache().backend)])("$name", async ({ run }) => run());
});
