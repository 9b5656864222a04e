import { setTimeout } from "node:timers/promises";
import session, { type Store } from "express-session";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryBackend, type MemoryAbilities } from "../../runtime/backends/memory.js";
import { type SessionBackend, SessionError, type SessionRecord } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { type Listening, listen } from "../suites/listen.js";
import { newApp, oldApp, openNew } from "../suites/moving-in.js";

const clock = fakeClock(Date.now());
let backend: SessionBackend<MemoryAbilities>;
let sessions: ReturnType<typeof openNew>;
let store: Store;
let apps: readonly Listening[];
/** A browser that is signed in over there, and has no session of ours. */
let anew: () => Browser;

beforeEach(async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(process, "emitWarning").mockReturnValue();
  store = new session.MemoryStore();
  backend = createMemoryBackend({ clock });
  sessions = openNew(backend, clock);
  apps = [await listen(oldApp(store)), await listen(newApp(sessions, store))];
  const [old, fresh] = apps.map(({ url }) => url);
  const signedIn = createBrowser(old ?? "");
  await signedIn.get("/login/42");
  anew = () => createBrowser(fresh ?? "", signedIn.cookies);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const app of apps) await app.close();
});

const ask = async (one: Browser): Promise<unknown> => {
  const response = await one.get("/who");
  return response.status === 200 ? (await response.json()).session : response.status;
};
const userOf = async (one: Browser): Promise<unknown> => (await (await one.get("/who")).json()).userId;

/** Makes what says whose the session is unreadable, as it is once the key that encrypted it is no longer there. */
async function damageClaim(): Promise<void> {
  const { records } = await backend.abilities.scan.scan({ limit: 10 });
  const damaged = records.filter(({ indexed }) => indexed["userId"] === null).map(broken);
  for (const record of damaged) await backend.save(record);
  expect(damaged).toHaveLength(1);
}

function broken(record: SessionRecord): SessionRecord {
  return { ...record, revision: record.revision + 1, writeId: "broken", data: new Uint8Array([1, 2, 3]) };
}

it("is ended, and not adopted again, also where the record that says whose it is cannot be read", async () => {
  const create = backend.create.bind(backend);
  let tries = 0;
  vi.spyOn(backend, "create").mockImplementation(async (record) => {
    tries += 1;
    if (tries > 1000) throw new Error("It goes round and round.");
    return create(record);
  });
  const browser = anew();
  expect(await userOf(browser)).toBe(42);
  await damageClaim();
  expect(await userOf(anew())).toBeNull();
  expect((await browser.get("/logout")).status).toBe(200);
  expect([await userOf(browser), await userOf(anew()), await sessions.count()]).toEqual([null, null, 0]);
});

it("is adopted anew when ours ran out of time, also where that record cannot be read", async () => {
  expect(await userOf(anew())).toBe(42);
  await damageClaim();
  clock.advance("2h");
  expect(await userOf(anew())).toBe(42);
});

it("does not wait for one who failed at the last step", async () => {
  const save = backend.save.bind(backend);
  vi.spyOn(backend, "save")
    .mockRejectedValueOnce(new SessionError("unavailable", "lost"))
    .mockImplementation(save);
  expect(await ask(anew())).toBe(503);
  const load = vi.spyOn(backend, "load");
  expect(await ask(anew())).not.toBe(503);
  expect(load.mock.calls.length).toBeLessThan(5);
  expect(await sessions.count()).toBe(1);
});

it("is one session, and nobody's failure, where all that came at once had to wait for one who died", async () => {
  const save = vi.spyOn(backend, "save").mockRejectedValue(new SessionError("unavailable", "died"));
  expect(await ask(anew())).toBe(503);
  save.mockRestore();
  const write = backend.save.bind(backend);
  // Longer than the pauses in which they wait, so that several try to take over.
  vi.spyOn(backend, "save").mockImplementation(async (record) => {
    await setTimeout(60);
    return write(record);
  });
  const all = await Promise.all(Array.from({ length: 12 }, () => ask(anew())));
  expect(new Set(all).size).toBe(1);
  expect(await sessions.count()).toBe(1);
});
