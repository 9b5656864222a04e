import session, { type Store } from "express-session";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryBackend, type MemoryAbilities } from "../../runtime/backends/memory.js";
import { openSessions } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { type Listening, listen } from "../suites/listen.js";
import { newApp, oldApp } from "../suites/moving-in.js";
import { type ShopData, type ShopSession, shopKind } from "../suites/shop-kind.js";

const clock = fakeClock(Date.now());
const backend = createMemoryBackend({ clock });
const sessions = openSessions<ShopSession, Pick<ShopData, "userId">, MemoryAbilities>(
  shopKind,
  { backend, clock },
  () => backend,
);
let store: Store;
let apps: readonly Listening[];
/** Has the cookie of express-session only, and is signed in there. */
let oldOnly: Browser;
/** The same person, elsewhere. */
let browser: Browser;

beforeEach(async () => {
  store = new session.MemoryStore();
  apps = [await listen(oldApp(store)), await listen(newApp(sessions, store))];
  const [old, fresh] = apps.map(({ url }) => url);
  const signedIn = createBrowser(old ?? "");
  await signedIn.get("/login/42");
  [browser, oldOnly] = [
    createBrowser(fresh ?? "", signedIn.cookies),
    createBrowser(fresh ?? "", signedIn.cookies),
  ];
});
afterEach(async () => {
  vi.restoreAllMocks();
  await sessions.revokeAll();
  for (const app of apps) await app.close();
});

const userOf = async (one: Browser): Promise<unknown> => (await (await one.get("/who")).json()).userId;

it("is not adopted anew after a revocation, when ours has outlived the record that says whose it is", async () => {
  expect(await userOf(browser)).toBe(42);
  for (const wait of ["40m", "40m"] as const) {
    clock.advance(wait);
    expect(await userOf(browser)).toBe(42);
  }
  expect(await sessions.revoke({ userId: 42 })).toBe(1);
  expect(await userOf(oldOnly)).toBeNull();
});

it("is one session where somebody else took over from who was late", async () => {
  const create = backend.create.bind(backend);
  let creations = 0;
  vi.spyOn(backend, "create").mockImplementation(async (record) => {
    creations += 1;
    // The claim came first; this is the session.
    if (creations === 2) {
      clock.advance("2m");
      expect(await userOf(oldOnly)).toBe(42);
    }
    return create(record);
  });
  expect([await userOf(browser), creations]).toEqual([42, 3]);
  expect(await sessions.count({ userId: 42 })).toBe(1);
});

it("is not adopted when its cookie has ended, though its store does not look at that", async () => {
  const expires = new Date(Date.now() - 1).toISOString();
  const ended = { cookie: { originalMaxAge: 1000, expires }, userId: 42 };
  vi.spyOn(store, "get").mockImplementation((_sid, done) => done(null, ended as never));
  expect(await userOf(browser)).toBeNull();
});

it("lives as its cookie says, and stays what it was over there, whatever the map takes away", async () => {
  const hours = 5 * 3_600_000;
  const cookie = { originalMaxAge: hours, expires: new Date(Date.now() + hours), path: "/" };
  const held = { cookie, userId: 42, prefs: { theme: "old", old: true } };
  const before = structuredClone(held);
  vi.spyOn(store, "get").mockImplementation((_sid, done) => done(null, held as never));
  const map = (old: Readonly<Record<string, unknown>>): object => {
    for (const name of Object.keys(cookie)) Reflect.deleteProperty(Object(old["cookie"]), name);
    Reflect.deleteProperty(old, "cookie");
    Reflect.deleteProperty(Object(old["prefs"]), "old");
    const { prefs, ...fields } = old;
    return { ...fields, ...Object(prefs) };
  };
  const fresh = await listen(newApp(sessions, store, { map }));
  apps = [...apps, fresh];
  const response = await browser.get(new URL("/who", fresh.url).href);
  expect(await response.json()).toMatchObject({ userId: 42, theme: "old" });
  expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("; Max-Age=18000;")]);
  expect(held).toEqual(before);
});
