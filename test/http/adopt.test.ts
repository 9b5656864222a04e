import session, { type Store } from "express-session";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend, type MemoryAbilities } from "../../runtime/backends/memory.js";
import type { SessionBackend } from "../../runtime/index.js";
import { failingBackend, fakeClock } from "../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { type Listening, listen } from "../suites/listen.js";
import { type AdoptOptions, newApp, OLD_SECRET, oldApp, openNew, type Who } from "../suites/moving-in.js";

const servers: Listening[] = [];
let store: Store;
const clock = fakeClock(Date.now());
let backend: SessionBackend<MemoryAbilities>;
let sessions: ReturnType<typeof openNew>;

beforeEach(() => {
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(process, "emitWarning").mockReturnValue();
  store = new session.MemoryStore();
  backend = createMemoryBackend({ clock });
  sessions = openNew(backend, clock);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: AdoptOptions = {}): Promise<{ browser: Browser; old: string; fresh: string }> {
  const [before, after] = [await listen(oldApp(store)), await listen(newApp(sessions, store, options))];
  servers.push(before, after);
  const browser = createBrowser(before.url);
  await browser.get("/login/42");
  return { browser, old: before.url, fresh: after.url };
}

const ask = async (browser: Browser, url: string): Promise<Who> => {
  const response = await browser.get(new URL("/who", url).href);
  return response.json();
};

const stored = (): Promise<string[]> =>
  new Promise((resolve) => store.all?.((_error, all) => resolve(Object.keys(all ?? {}))));

describe("a session of express-session", () => {
  it("becomes one of ours when its browser comes, which then has a cookie of each", async () => {
    const { browser, old, fresh } = await start();
    const { session: first, ...data } = await ask(browser, fresh);
    expect(data).toEqual({ userId: 42, theme: "old" });
    expect([...browser.cookies.keys()]).toEqual(["connect.sid", "__Host-session"]);
    expect((await ask(browser, fresh)).session).toBe(first);
    expect((await ask(browser, old)).userId).toBe(42);
    expect(await sessions.count({ userId: 42 })).toBe(1);
  });

  it.each([true, false])("meets in one, whatever comes at once (keep: %s)", async (keep) => {
    const { browser, fresh } = await start({ keep });
    const tabs = Array.from({ length: 6 }, () => createBrowser(fresh, browser.cookies));
    const all = await Promise.all(tabs.map((tab) => ask(tab, fresh)));
    expect(new Set(all.map((one) => one.session)).size).toBe(1);
    expect(new Set(all.map((one) => one.userId))).toEqual(new Set([42]));
    expect(new Set(tabs.map((tab) => tab.cookies.get("__Host-session"))).size).toBe(1);
    expect(await sessions.count({ userId: 42 })).toBe(1);
    expect(await stored()).toHaveLength(keep ? 1 : 0);
  });

  it("is over everywhere after a logout, and never adopted again, even if it comes back over there", async () => {
    const { browser, old, fresh } = await start();
    const [sid = ""] = await stored();
    const planted = await new Promise((resolve) => store.get(sid, (_error, found) => resolve(found)));
    await ask(browser, fresh);
    const all = createBrowser(fresh, browser.cookies);
    const oldOnly = createBrowser(fresh, [["connect.sid", browser.cookies.get("connect.sid") ?? ""]]);
    await browser.get(new URL("/logout", fresh).href);
    expect(await stored()).toEqual([]);
    for (const one of [browser, all, oldOnly]) {
      expect((await ask(one, fresh)).userId).toBeNull();
      expect((await ask(one, old)).userId).toBeNull();
    }
    clock.advance("13d");
    store.set(sid, planted as never);
    expect((await ask(oldOnly, fresh)).userId).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it.each(["revoke", "revokeAll", "delete"] as const)("is not adopted again after %s", async (how) => {
    const { browser, fresh } = await start();
    const oldOnly = createBrowser(fresh, browser.cookies);
    await ask(browser, fresh);
    if (how === "revoke") expect(await sessions.revoke({ userId: 42 })).toBe(1);
    else if (how === "revokeAll") expect(await sessions.revokeAll()).toBe(1);
    else await sessions.delete(browser.cookies.get("__Host-session") ?? "");
    expect((await ask(oldOnly, fresh)).userId).toBeNull();
    expect((await ask(browser, fresh)).userId).toBeNull();
  });

  it("takes ours with it when it is ended over there, with or without the old cookie", async () => {
    const { browser, old, fresh } = await start();
    await ask(browser, fresh);
    const oursOnly = createBrowser(
      fresh,
      [...browser.cookies].filter(([name]) => name !== "connect.sid"),
    );
    const oldOnly = createBrowser(
      fresh,
      [...browser.cookies].filter(([name]) => name === "connect.sid"),
    );
    await browser.get(new URL("/logout", old).href);
    for (const one of [oldOnly, browser, oursOnly]) expect((await ask(one, fresh)).userId).toBeNull();
    expect(await sessions.count()).toBe(0);
  });

  it("is followed when the old code signs somebody else in", async () => {
    const { browser, old, fresh } = await start();
    await ask(browser, fresh);
    await browser.get(new URL("/relogin/43", old).href);
    expect((await ask(browser, fresh)).userId).toBe(43);
    expect(await sessions.count({ userId: 42 })).toBe(0);
  });

  it("gives nobody with only the old cookie what was signed in here", async () => {
    const { browser, fresh } = await start();
    const planted = createBrowser(fresh, browser.cookies);
    await ask(browser, fresh);
    await browser.get(new URL("/login/7", fresh).href);
    expect((await ask(browser, fresh)).userId).toBe(7);
    expect((await ask(planted, fresh)).userId).toBeNull();
    expect(planted.cookies.has("__Host-session")).toBe(false);
  });

  it("is adopted anew when ours ran out of time and the old one has not", async () => {
    const { browser, fresh } = await start();
    const oldOnly = createBrowser(fresh, browser.cookies);
    const { session: first } = await ask(browser, fresh);
    clock.advance("2h");
    const { session: second, userId } = await ask(oldOnly, fresh);
    expect(userId).toBe(42);
    expect(second).not.toBe(first);
  });

  it("takes the life that its cookie was given along", async () => {
    const { browser, fresh } = await start();
    const [sid = ""] = await stored();
    const cookie = {
      originalMaxAge: 5 * 3_600_000,
      expires: new Date(Date.now() + 5 * 3_600_000),
      path: "/",
    };
    store.set(sid, { cookie, userId: 42 } as never);
    const response = await browser.get(new URL("/who", fresh).href);
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("; Max-Age=18000;")]);
  });

  it("is mapped and checked; what does not fit, or is not wanted, is nobody's", async () => {
    const map = ({ userId }: Readonly<Record<string, unknown>>): object | null =>
      userId === 1 ? null : userId === 2 ? { userId: "two" } : { userId, visits: 5 };
    const { browser, old, fresh } = await start({ map });
    expect(await ask(browser, fresh)).toMatchObject({ userId: 42, theme: null });
    for (const user of [1, 2]) {
      const other = createBrowser(old);
      await other.get(`/login/${user}`);
      expect((await ask(other, fresh)).userId).toBeNull();
      expect([...other.cookies.keys()]).toEqual(["connect.sid"]);
    }
    expect(await sessions.count()).toBe(1);
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining("userId does not fit"));
  });

  it("is not looked for without a signature that one of the secrets made, and costs nothing untouched", async () => {
    const get = vi.spyOn(store, "get");
    const { browser, fresh } = await start({ secret: ["newer", OLD_SECRET] });
    const value = browser.cookies.get("connect.sid") ?? "";
    get.mockClear();
    for (const forged of [
      value.slice(0, -1),
      `${value}x`,
      value.replace(/\..*/, ""),
      "s%3A",
      "%",
      "s%3Ax.y",
    ]) {
      const forger = createBrowser(fresh, [["connect.sid", forged]]);
      expect((await ask(forger, fresh)).userId).toBeNull();
      expect(forger.cookies.has("__Host-session")).toBe(false);
    }
    expect(get).not.toHaveBeenCalled();
    expect((await ask(browser, fresh)).userId).toBe(42);
  });

  it("of two live ones, one was planted: both are refused", async () => {
    const { browser, old, fresh } = await start();
    const other = createBrowser(old);
    await other.get("/login/66");
    const [one, two] = [browser, other].map(({ cookies }) => `connect.sid=${cookies.get("connect.sid")}`);
    const both = await browser.get(new URL("/who", fresh).href, { headers: { cookie: `${one}; ${two}` } });
    expect(await both.json()).toMatchObject({ userId: null });
    await other.get("/logout");
    const left = await browser.get(new URL("/who", fresh).href, { headers: { cookie: `${two}; ${one}` } });
    expect(await left.json()).toMatchObject({ userId: 42 });
  });

  it("is 503 while its store, or ours, fails, and adopted when both are back", async () => {
    const plan: Parameters<typeof failingBackend>[1] = {};
    sessions = openNew(failingBackend(backend, plan), clock);
    const { browser, fresh } = await start();
    const status = async (): Promise<number> => (await browser.get(new URL("/who", fresh).href)).status;
    const get = vi.spyOn(store, "get").mockImplementation((_sid, done) => done(new Error("down")));
    expect(await status()).toBe(503);
    get.mockRestore();
    plan.create = "reject";
    expect(await status()).toBe(503);
    plan.create = "pass";
    plan.save = "reject";
    expect(await status()).toBe(503);
    plan.save = "pass";
    expect([await status(), await sessions.count({ userId: 42 })]).toEqual([200, 1]);
  });
});
