import session, { type Store } from "express-session";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { createBrowser } from "../suites/adapter-client.js";
import { type Listening, listen } from "../suites/listen.js";
import { newApp, OLD_SECRET, oldApp, signedWith, type Who } from "../suites/moving-in.js";
import { openRevocableShop } from "../suites/sealed-shop.js";
import { openTenants } from "../suites/tenant-shop.js";

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const secret = ["newer", OLD_SECRET];

async function start(sessions: Parameters<typeof newApp>[0]) {
  const store: Store = new session.MemoryStore();
  const [before, after] = [await listen(oldApp(store)), await listen(newApp(sessions, store, { secret }))];
  servers.push(before, after);
  const browser = createBrowser(before.url);
  await browser.get("/login/42");
  const oldOnly = () =>
    createBrowser(
      after.url,
      [...browser.cookies].filter(([name]) => name === "connect.sid"),
    );
  const ask = async (tab = browser): Promise<Who> => (await tab.get(new URL("/who", after.url).href)).json();
  /** Express-session signs with the first of its secrets whenever it sets its cookie. */
  const signedAnew = () =>
    createBrowser(after.url, [["connect.sid", signedWith("newer", browser.cookies.get("connect.sid"))]]);
  return { store, browser, oldOnly, signedAnew, ask, fresh: after.url };
}

describe("a session of express-session", () => {
  it("becomes a sealed one: the same for all that come at once, and none once it has ended", async () => {
    const { store, browser, oldOnly, ask, fresh } = await start(openRevocableShop().sessions);
    const sid = await new Promise<string>((resolve) =>
      store.all?.((_error, all) => resolve(Object.keys(all ?? {})[0] ?? "")),
    );
    const kept = await new Promise((resolve) => store.get(sid, (_error, found) => resolve(found)));
    const first = await Promise.all(Array.from({ length: 6 }, () => ask(oldOnly())));
    expect(new Set(first.map((one) => one.session)).size).toBe(1);
    expect(await ask()).toMatchObject({ userId: 42, session: first[0]?.session });
    const copy = createBrowser(fresh, browser.cookies);
    await browser.get(new URL("/logout", fresh).href);
    store.set(sid, kept as never);
    for (const tab of [oldOnly(), copy]) expect((await ask(tab)).userId).toBeNull();
  });

  it.each([
    ["sealed", () => openRevocableShop().sessions],
    ["stored", () => openTenants(createMemoryBackend()).forTenant("acme")],
  ])("is one, and ends once, whichever secret its cookie is signed with: %s", async (_where, open) => {
    const sessions = open();
    const { browser, signedAnew, ask } = await start(sessions);
    const { session: handle } = await ask();
    expect(await ask(signedAnew())).toMatchObject({ userId: 42, session: handle });
    expect(await sessions.revoke({ handle })).toBe(1);
    for (const tab of [signedAnew(), browser]) expect((await ask(tab)).userId).toBeNull();
  });

  it("is not adopted once more when its sealed session has changed its id", async () => {
    const clock = fakeClock(Date.now());
    const { browser, oldOnly, ask } = await start(openRevocableShop({ clock }).sessions);
    const adopted = await ask();
    for (const wait of ["40m", "40m"] as const) {
      clock.advance(wait);
      expect((await ask()).userId).toBe(42);
    }
    expect((await ask()).session).not.toBe(adopted.session);
    expect((await ask(oldOnly())).userId).toBeNull();
    expect((await ask(browser)).userId).toBe(42);
  });

  it("becomes one of a tenant, whose limit counts it once", async () => {
    const sessions = openTenants(createMemoryBackend(), { maxSessions: 1 }).forTenant("acme");
    const { oldOnly, ask } = await start(sessions);
    const first = await Promise.all(Array.from({ length: 6 }, () => ask(oldOnly())));
    expect(first.map(({ userId }) => userId)).toEqual(Array(6).fill(42));
    expect(new Set(first.map((one) => one.session)).size).toBe(1);
  });
});
