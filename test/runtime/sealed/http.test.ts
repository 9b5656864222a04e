import { afterEach, describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { type FakeClock, fakeClock } from "../../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../../suites/adapter-client.js";
import type { Listening } from "../../suites/listen.js";
import {
  openRevocableShop,
  type SealedShop,
  type SealedShopOptions,
  serveShop,
} from "../../suites/sealed-shop.js";
import { shopKind } from "../../suites/shop-kind.js";

const name = "__Host-session";
const keys = randomText(32);
const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

interface Served extends SealedShop {
  readonly url: string;
  readonly browser: Browser;
}

async function serve(options: SealedShopOptions = {}): Promise<Served> {
  const shop = openRevocableShop(options);
  const server = await serveShop(shop.sessions);
  servers.push(server);
  return { ...shop, url: server.url, browser: createBrowser(server.url) };
}

async function serveForgetful(clock: FakeClock): Promise<Browser> {
  const sessions = openSealedSessions({ ...shopKind, indexes: [], merge: {} }, { clock }, (cookieName) =>
    createCookieBackend({ keys, cookieName }),
  );
  const server = await serveShop(sessions);
  servers.push(server);
  return createBrowser(server.url);
}

const read = async (browser: Browser, path = "/get"): Promise<Record<string, unknown>> =>
  (await browser.get(path)).json();
const anonymous = expect.objectContaining({ isNew: true, handle: null, visits: 0 });

const seals: readonly (readonly [string, SealedShopOptions])[] = [
  ["cookie", { createSeal: (cookieName) => createCookieBackend({ keys, cookieName }) }],
  ["jwt", { createSeal: (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName }) }],
];

describe.each(seals)("sessions in a %s, over HTTP", (_what, seal) => {
  it("are set, read and kept, under a handle that stays over saves", async () => {
    const { browser } = await serve(seal);
    expect(await read(browser)).toEqual(anonymous);
    expect(browser.cookies.size).toBe(0);
    await browser.get("/?userId=42");
    const { handle } = await read(browser);
    expect(handle).toMatch(/^[\w-]{43}$/);
    const before = browser.cookies.get(name);
    await browser.get("/?theme=dark&visits=3");
    expect(browser.cookies.get(name)).not.toBe(before);
    expect(await read(browser)).toMatchObject({ userId: 42, theme: "dark", visits: 3, handle, isNew: false });
  });

  it("read without a change set no cookie, and are not cacheable by others", async () => {
    const { browser } = await serve(seal);
    await browser.get("/?userId=42");
    const response = await browser.get("/get");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect([response.headers.get("vary"), response.headers.get("cache-control")]).toEqual([
      "Cookie",
      'private, no-cache="Set-Cookie"',
    ]);
  });

  it("are over after a logout, for the old cookie and every other spelling of it", async () => {
    const { browser, sessions } = await serve(seal);
    await browser.get("/?userId=42");
    const older = browser.cookies.get(name) ?? "";
    await browser.get("/?userId=43");
    const old = browser.cookies.get(name) ?? "";
    await browser.get("/logout");
    expect(browser.cookies.size).toBe(0);
    const standard = old.replaceAll("-", "+").replaceAll("_", "/");
    for (const value of [
      old,
      older,
      `"${old}"`,
      `${old}=`,
      `${old}==`,
      standard,
      encodeURIComponent(standard),
    ]) {
      browser.cookies.set(name, value);
      expect(await read(browser)).toEqual(anonymous);
    }
    expect([await sessions.load(old), await sessions.exists(older), await sessions.delete(old)]).toEqual([
      null,
      false,
      false,
    ]);
  });

  it("end by revoke({ handle }) and delete(key), and count as ended once", async () => {
    const { browser, sessions } = await serve(seal);
    await browser.get("/?userId=42");
    const other = createBrowser((await browser.get("/get")).url, browser.cookies);
    const { handle } = await read(browser);
    expect(await sessions.revoke({ handle: String(handle) })).toBe(1);
    expect(await sessions.revoke({ handle: String(handle) })).toBe(0);
    expect([await read(browser), await read(other)]).toEqual([anonymous, anonymous]);
    browser.cookies.clear();
    await browser.get("/?userId=42");
    const key = browser.cookies.get(name) ?? "";
    expect([await sessions.delete(key), await sessions.delete(key), await sessions.delete("x")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await read(browser)).toEqual(anonymous);
  });

  it("end at their limits from inside the token, whatever the client's clock and cookie say", async () => {
    const { browser, clock } = await serve({ ...seal, expiry: { idle: "1h", absolute: "2h" } });
    await browser.get("/?userId=42");
    const old = browser.cookies.get(name) ?? "";
    clock.advance("59m");
    expect(await read(browser)).toMatchObject({ userId: 42 });
    clock.advance("1m");
    expect(await read(createBrowser((await browser.get("/get")).url, [[name, old]]))).toEqual(anonymous);
    expect(await read(browser)).toMatchObject({ userId: 42 });
    clock.advance("59m");
    expect(await read(browser)).toMatchObject({ userId: 42 });
    clock.advance("1m");
    expect(await read(browser)).toEqual(anonymous);
  });

  it("are touched when it is due, and not before", async () => {
    const { browser, clock } = await serve(seal);
    await browser.get("/?userId=42");
    clock.advance("4m");
    expect((await browser.get("/get")).headers.getSetCookie()).toEqual([]);
    expect((await browser.get("/touch")).headers.getSetCookie()).toHaveLength(1);
    clock.advance("5m");
    const [cookie] = (await browser.get("/get")).headers.getSetCookie();
    expect(cookie).toContain("; Max-Age=3600;");
  });

  it("cycleKey gives another handle, and refuses every older cookie", async () => {
    const { browser } = await serve(seal);
    await browser.get("/?userId=42");
    const { handle } = await read(browser);
    const old = browser.cookies.get(name) ?? "";
    await browser.get("/cycle");
    const fresh = await read(browser);
    expect(fresh).toMatchObject({ userId: 42, isNew: false });
    expect(fresh["handle"]).not.toBe(handle);
    browser.cookies.set(name, old);
    expect(await read(browser)).toEqual(anonymous);
  });

  it("survive a periodic change of id in parallel, and the old id ends ten seconds after the new one came", async () => {
    const { browser, clock, url } = await serve({ ...seal, expiry: { idle: "3h" } });
    await browser.get("/?userId=42");
    const old = [...browser.cookies];
    clock.advance("61m");
    const all = await Promise.all(Array.from({ length: 10 }, () => read(createBrowser(url, old))));
    expect(new Set(all.map(({ userId }) => userId))).toEqual(new Set([42]));
    const moved = await read(browser);
    await read(browser);
    expect(await read(createBrowser(url, old))).toMatchObject({ userId: 42, handle: moved["handle"] });
    clock.advance("11s");
    expect(await read(createBrowser(url, old))).toEqual(anonymous);
    expect(await read(browser)).toMatchObject({ userId: 42, handle: moved["handle"] });
  });

  it("of two parallel responses the one that arrives last wins whole, and both are good", async () => {
    const { browser, url } = await serve(seal);
    await browser.get("/?userId=42");
    const [one, two] = [createBrowser(url, browser.cookies), createBrowser(url, browser.cookies)];
    await Promise.all([one.get("/?theme=dark"), two.get("/?visits=9")]);
    expect(await read(one)).toMatchObject({ userId: 42, theme: "dark", visits: 0 });
    expect(await read(two)).toMatchObject({ userId: 42, visits: 9 });
    expect((await read(two))["handle"]).toBe((await read(one))["handle"]);
  });

  it("of another kind or another cookie open nothing, and refusals are said once a minute", async () => {
    const { browser, clock, warnings } = await serve(seal);
    await browser.get("/?userId=42");
    const value = browser.cookies.get(name) ?? "";
    const admin = await serve({ ...seal, clock, cookie: { name: "admin" } });
    admin.browser.cookies.set("admin", value);
    for (let time = 0; time < 20; time += 1) expect(await read(admin.browser)).toEqual(anonymous);
    expect(admin.warnings).toHaveLength(1);
    clock.advance("1m");
    await read(admin.browser);
    expect(admin.warnings).toHaveLength(2);
    expect(JSON.stringify([warnings, admin.warnings])).not.toContain(value);
  });
});

describe("sessions without a revocation backend", () => {
  it("leave with their cookie, which is no end to a copy of it; delete and revoke do not exist", async () => {
    const browser = await serveForgetful(fakeClock());
    await browser.get("/?userId=42");
    const copy = createBrowser((await browser.get("/get")).url, browser.cookies);
    await browser.get("/logout");
    expect(await read(browser)).toEqual(anonymous);
    expect(await read(copy)).toMatchObject({ userId: 42 });
    const sessions = openSealedSessions(shopKind, {}, () => createCookieBackend({ keys }));
    expect("delete" in sessions || "revoke" in sessions).toBe(false);
  });
});
