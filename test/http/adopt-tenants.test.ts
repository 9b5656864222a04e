import session, { type Store } from "express-session";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import type { SessionsOptions, TenancyOptions } from "../../runtime/index.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { type Listening, listen } from "../suites/listen.js";
import { type AdoptOptions, newApp, oldApp, type Who } from "../suites/moving-in.js";
import { openRevocableShop } from "../suites/sealed-shop.js";
import { openTenants, storedIn } from "../suites/tenant-shop.js";

const servers: Listening[] = [];
const warn = vi.fn();
let store: Store;
let signedIn: Browser;

const serve = async (app: Parameters<typeof listen>[0]): Promise<string> => {
  const server = await listen(app);
  servers.push(server);
  return server.url;
};
/** Another browser of that person, with these cookies, for this address. */
const browse = (url: string, { cookies }: Browser = signedIn): Browser => createBrowser(url, cookies);
const userOf = async (browser: Browser): Promise<unknown> => {
  const response = await browser.get("/who");
  return response.status === 200 ? ((await response.json()) as Who).userId : response.status;
};
const statusOf = async (browser: Browser, path: string): Promise<number> => (await browser.get(path)).status;

beforeEach(async () => {
  vi.spyOn(process, "emitWarning").mockReturnValue();
  warn.mockClear();
  store = new session.MemoryStore();
  signedIn = createBrowser(await serve(oldApp(store)));
  await signedIn.get("/login/42");
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.close();
});

function open(tenancy: TenancyOptions, options: SessionsOptions = {}) {
  const tenants = openTenants(createMemoryBackend(), tenancy, { ...options, logger: { warn } });
  const serveTenant = (id: string, adopt?: AdoptOptions): Promise<string> =>
    serve(newApp(tenants.forTenant(id), store, adopt));
  return { tenants, serveTenant };
}

describe("a session of express-session that its tenant has no room for", () => {
  const start = async () => {
    const { tenants, serveTenant } = open({ maxSessions: 1 });
    const taken = await storedIn(tenants.forTenant("a"));
    const makeRoom = () => tenants.forTenant("a").delete(taken);
    return { tenants, url: await serveTenant("a"), makeRoom };
  };

  it("is a guest's on each page, and refused only where one is to be stored, until there is room", async () => {
    const { tenants, url, makeRoom } = await start();
    const browser = browse(url);
    for (let page = 0; page < 3; page += 1) expect(await userOf(browser)).toBeNull();
    expect(await statusOf(browser, "/plain")).toBe(200);
    expect(await statusOf(browser, "/login/7")).toBe(500);
    expect([...browser.cookies.keys()]).toEqual(["connect.sid"]);
    await makeRoom();
    expect(await userOf(browser)).toBe(42);
    expect(await tenants.forTenant("a").count()).toBe(1);
  });

  it("is nobody's failure where several pages come at once", async () => {
    const { url } = await start();
    const all = await Promise.all(Array.from({ length: 12 }, () => userOf(browse(url))));
    expect(all).toEqual(Array(12).fill(null));
  });

  it("is said in the log, which is not filled with it", async () => {
    const { url } = await start();
    for (let page = 0; page < 3; page += 1) await userOf(browse(url));
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/not adopted.*A tenant has 1 sessions/)]]);
  });

  it("is over after a logout, also where there is room then", async () => {
    const { url, makeRoom } = await start();
    const browser = browse(url);
    expect(await statusOf(browser, "/logout")).toBe(200);
    await makeRoom();
    expect(await userOf(browser)).toBeNull();
  });
});

it("is a guest's, too, where a cookie has no room for what it holds", async () => {
  const cookie = { originalMaxAge: null, expires: null, path: "/" };
  vi.spyOn(store, "get").mockImplementation((_sid, done) =>
    done(null, { cookie, userId: 42, theme: "x".repeat(5000) } as never),
  );
  const { sessions, warnings } = openRevocableShop();
  const browser = browse(await serve(newApp(sessions, store)));
  for (let page = 0; page < 2; page += 1) expect(await userOf(browser)).toBeNull();
  expect(await statusOf(browser, "/login/7")).toBe(200);
  expect(await userOf(browser)).toBe(7);
  expect(warnings).toEqual([expect.stringMatching(/not adopted.*its largest fields: theme/)]);
});

describe("a session of express-session whose cookie reaches several tenants", () => {
  const ofTenant = (old: Readonly<Record<string, unknown>>, tenant: string | null): object | null =>
    tenant === "Shop A" ? { userId: old["userId"] } : null;

  it("becomes one of that whose it is, as map is told the tenant under the app's own id", async () => {
    const { tenants, serveTenant } = open({});
    const [a, b] = [
      await serveTenant("Shop A", { map: ofTenant }),
      await serveTenant("b", { map: ofTenant }),
    ];
    const browser = browse(b);
    expect(await userOf(browser)).toBeNull();
    expect([...browser.cookies.keys()]).toEqual(["connect.sid"]);
    expect(await userOf(browse(a))).toBe(42);
    expect([await tenants.forTenant("Shop A").count(), await tenants.forTenant("b").count()]).toEqual([1, 0]);
  });

  it("becomes one of each where map lets it, and is over in all after a logout in one", async () => {
    const { serveTenant } = open({});
    const [a, b] = [await serveTenant("a"), await serveTenant("b")];
    const [one, other] = [browse(a), browse(b)];
    expect([await userOf(one), await userOf(other)]).toEqual([42, 42]);
    await one.get("/logout");
    expect([await userOf(one), await userOf(other)]).toEqual([null, null]);
    expect([await userOf(browse(a)), await userOf(browse(b))]).toEqual([null, null]);
  });

  it("is nobody's tenant's where there are none", async () => {
    const tenants: unknown[] = [];
    const map = (old: Readonly<Record<string, unknown>>, tenant: string | null): object => {
      tenants.push(tenant);
      return { userId: old["userId"] };
    };
    const { tenants: sessions } = open({ strict: false });
    expect(await userOf(browse(await serve(newApp(sessions, store, { map }))))).toBe(42);
    expect(tenants).toEqual([null]);
  });
});
