import { createHook } from "node:async_hooks";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, expect, test } from "vitest";
import { exampleData, openExample } from "../../../bench/http/example.js";
import {
  createDatabaseBackend,
  type DatabaseBackend,
  type DatabaseBackendOptions,
} from "../../../runtime/backends/database.js";

/** SQLite's driver is synchronous: what a request asks it for is there without a promise, a timer or a turn of the event loop. */
const opened: DatabaseBackend[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((backend) => backend.close()));
});

async function openStored(options: Partial<DatabaseBackendOptions> = {}) {
  const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", ...options });
  opened.push(backend);
  await backend.createTable();
  const { sessions } = await openExample(backend, { count: 0 });
  const session = sessions.create(exampleData());
  const key = await session.ensureKey();
  return { backend, sessions, session, key, cookie: `__Host-session=${key}` };
}

/** What Node makes of it while something is done. */
async function made(work: () => unknown): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const hook = createHook({
    init(_id, type) {
      counts[type] = (counts[type] ?? 0) + 1;
    },
  }).enable();
  const result = work();
  hook.disable();
  await result;
  return counts;
}

test("a request makes no promise and no timer, whether it reads or changes its session", async () => {
  const { sessions, cookie } = await openStored();
  const request = (change: number) => (): void => {
    const session = sessions.openNow(cookie);
    if (session instanceof Promise) throw new Error("It was waited for.");
    session.visits += change;
    expect(sessions.commitNow(session, {})).not.toBeInstanceOf(Promise);
  };
  request(1)();
  expect(await made(request(0))).toEqual({});
  expect(await made(request(1))).toEqual({});
});

test("a load and a save make the promise that they answer with, and few others", async () => {
  const { sessions, session, key } = await openStored();
  session.visits += 1;
  const { PROMISE: ofLoad = 0, Timeout: timers = 0 } = await made(() => sessions.load(key));
  const { PROMISE: ofSave = 0 } = await made(() => session.save());
  expect(ofLoad).toBeLessThan(4);
  expect([ofSave, timers]).toEqual([1, 0]);
});

test("two that changed one session are merged at once", async () => {
  const { sessions, session, key } = await openStored();
  const other = await sessions.open(key);
  for (const one of [session, other]) {
    one.visits += 1;
    expect(sessions.commitNow(one, {})).not.toBeInstanceOf(Promise);
  }
  expect((await sessions.open(key)).visits).toBe(exampleData().visits + 2);
});

test("nobody reads or writes in the middle of somebody else's transaction", async () => {
  const { backend, session } = await openStored();
  const record = await backend.load(session.handle ?? "");
  if (record === null) throw new Error("It was not stored.");
  const limit = { tenant: "a", max: 1, onLimit: "refuse" } as const;
  const creation = backend.abilities.limit.createWithin({ ...record, id: "other", tenant: "a" }, limit);
  let hasWaited = false;
  for (let step = 0; step < 20; step += 1) {
    await null;
    const found = backend.loadNow?.(record.id);
    const next = { ...record, revision: record.revision + 1, writeId: "next" };
    if (found !== undefined) continue;
    expect(backend.saveNow?.(next)).toBeUndefined();
    hasWaited = true;
    expect(await backend.load(record.id)).toMatchObject({ revision: record.revision });
  }
  expect([hasWaited, await creation, backend.loadNow?.("other")?.id]).toEqual([true, true, "other"]);
});

test("what is not open, not there or the app's own is waited for; what fails, fails as ever", async () => {
  const closed = createDatabaseBackend({ dialect: "sqlite", url: ":memory:" });
  opened.push(closed);
  expect(closed.loadNow?.("id")).toBeUndefined();
  await expect(closed.load("id")).rejects.toMatchObject({ code: "config" });
  expect(closed.loadNow?.("id")).toBeUndefined();

  const raw = new Database(":memory:");
  const own = await openStored({
    kysely: new Kysely<object>({ dialect: new SqliteDialect({ database: raw }) }),
  });
  expect(own.backend.loadNow?.("id")).toBeUndefined();
  expect(await own.sessions.load(own.key)).not.toBeNull();

  const { backend, session } = await openStored();
  const record = await backend.load(session.handle ?? "");
  if (record === null) throw new Error("It was not stored.");
  const impossible = { ...record, revision: 2, writeId: null as unknown as string };
  expect(() => backend.saveNow?.(impossible)).toThrow(expect.objectContaining({ code: "unavailable" }));
  expect(backend.loadNow?.(record.id)).toEqual(record);
});
