import flash from "connect-flash";
import { csrfSync } from "csrf-sync";
import express, { type Request, type Response } from "express";
import session, { type SessionOptions } from "express-session";
import passport from "passport";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { expressStore } from "../../runtime/http/express-store.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { openBags } from "../suites/bag-kind.js";
import { type Listening, listen } from "../suites/listen.js";
import { letIn, loginForm, nameOf } from "../suites/people.js";

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type Bag = session.Session & { theme?: string; visits?: number };
const bagOf = (request: object): Bag => Reflect.get(request, "session");

type View = (request: Request, response: Response) => unknown;

/** Each path does what its view does, and answers what it gives, by express-session over our store. */
async function start(
  views: Readonly<Record<string, View>>,
  options: Partial<SessionOptions> = {},
): Promise<{ readonly browser: Browser; readonly store: ReturnType<typeof expressStore> }> {
  const store = expressStore(openBags(createMemoryBackend()));
  const app = express();
  app.use(session({ secret: "s", resave: false, saveUninitialized: false, store, ...options }));
  for (const [path, view] of Object.entries(views)) {
    app.get(path, async (request, response) => {
      response.json({ value: (await view(request, response)) ?? null });
    });
  }
  const server = await listen(app);
  servers.push(server);
  return { browser: createBrowser(server.url), store };
}

const see = async (browser: Browser, path: string): Promise<unknown> => {
  const { value }: { value: unknown } = await (await browser.get(path)).json();
  return value;
};

const called = <T>(act: (done: (error?: unknown, value?: T) => void) => void): Promise<T | undefined> =>
  new Promise((resolve, reject) => act((error, value) => (error ? reject(error) : resolve(value))));

const views: Readonly<Record<string, View>> = {
  "/set": (request) => void Object.assign(bagOf(request), { theme: "dark" }),
  "/get": (request) => bagOf(request).theme,
  "/id": (request) => [request.sessionID, bagOf(request).id],
  "/regenerate": async (request) => {
    const before = request.sessionID;
    await called((done) => bagOf(request).regenerate(done));
    return [before !== request.sessionID, bagOf(request).theme ?? null];
  },
  "/save": async (request) => {
    bagOf(request).theme = "saved";
    await called((done) => bagOf(request).save(done));
    const found = await called<object | null>((done) => request.sessionStore.get(request.sessionID, done));
    return Reflect.get(found ?? {}, "theme");
  },
  "/reload": async (request) => {
    bagOf(request).theme = "draft";
    await called((done) => bagOf(request).reload(done));
    return bagOf(request).theme;
  },
  "/touch": (request) => {
    const { cookie } = bagOf(request);
    cookie.maxAge = 1000;
    cookie.originalMaxAge = 60_000;
    bagOf(request).touch();
    return Number(cookie.maxAge) > 50_000;
  },
  "/destroy": async (request) => {
    await called((done) => bagOf(request).destroy(done));
    return bagOf(request) === undefined;
  },
  "/age": (request) => {
    bagOf(request).cookie.maxAge = 5 * 60_000;
    bagOf(request).theme = "timed";
  },
  "/left": (request) => bagOf(request).cookie.originalMaxAge,
};

describe("express-session over our store keeps its word", () => {
  it("a session is kept, by its id", async () => {
    const { browser } = await start(views);
    await see(browser, "/set");
    const [id, same] = (await see(browser, "/id")) as readonly string[];
    expect([await see(browser, "/get"), id === same]).toEqual(["dark", true]);
  });

  it("regenerate gives a new id without the data, and the old one opens nothing", async () => {
    const { browser } = await start(views);
    await see(browser, "/set");
    const before = createBrowser(servers[0]?.url ?? "", browser.cookies);
    expect(await see(browser, "/regenerate")).toEqual([true, null]);
    expect(await see(before, "/get")).toBeNull();
  });

  it("save stores at once, reload forgets what was not stored", async () => {
    const { browser } = await start(views);
    expect(await see(browser, "/save")).toBe("saved");
    expect(await see(browser, "/reload")).toBe("saved");
  });

  it("touch moves the age of the cookie back to what it was", async () => {
    const { browser } = await start(views);
    await see(browser, "/set");
    expect(await see(browser, "/touch")).toBe(true);
  });

  it("destroy ends it", async () => {
    const { browser } = await start(views);
    await see(browser, "/set");
    expect(await see(browser, "/destroy")).toBe(true);
    expect(await see(browser, "/get")).toBeNull();
  });

  it("cookie.maxAge is kept, and sent", async () => {
    const { browser } = await start(views);
    const response = await browser.get("/age");
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("Expires=")]);
    expect(await see(browser, "/left")).toBe(5 * 60_000);
  });

  it("saveUninitialized: only then has a visitor without data a record and a cookie", async () => {
    const [without, withThem] = [await start(views), await start(views, { saveUninitialized: true })];
    for (const { browser } of [without, withThem]) await see(browser, "/get");
    const counts = await Promise.all(
      [without, withThem].map(({ store }) => called<number>((done) => store.length?.(done))),
    );
    expect([counts, without.browser.cookies.size, withThem.browser.cookies.size]).toEqual([[0, 1], 0, 1]);
  });

  it.each([true, false])("rolling: %s sends the cookie again, or not", async (rolling) => {
    const { browser } = await start(views, { rolling, cookie: { maxAge: 60_000 } });
    await see(browser, "/set");
    expect((await browser.get("/get")).headers.getSetCookie()).toHaveLength(rolling ? 1 : 0);
  });

  it.each(["keep", "destroy"] as const)("unset: %s of a session that the app throws away", async (unset) => {
    const drop: View = (request) => void Reflect.deleteProperty(request, "session");
    const { browser } = await start({ ...views, "/drop": drop }, { unset });
    await see(browser, "/set");
    await see(browser, "/drop");
    expect(await see(browser, "/get")).toBe(unset === "keep" ? "dark" : null);
  });

  it("all, length and clear see every session", async () => {
    const { browser, store } = await start(views);
    const other = createBrowser(servers[0]?.url ?? "");
    for (const one of [browser, other]) await see(one, "/set");
    const all: unknown = await called((done) => store.all?.(done));
    expect(all).toEqual([
      expect.objectContaining({ theme: "dark" }),
      expect.objectContaining({ theme: "dark" }),
    ]);
    expect(await called<number>((done) => store.length?.(done))).toBe(2);
    await called((done) => store.clear?.(done));
    expect([await called<number>((done) => store.length?.(done)), await see(browser, "/get")]).toEqual([
      0,
      null,
    ]);
  });
});

describe("programs over express-session and our store", () => {
  it("Passport, connect-flash and csrf-sync work as they are", async () => {
    const people = new passport.Passport();
    letIn(people);
    people.serializeUser((user, done) => done(null, nameOf(user) ?? ""));
    people.deserializeUser((name: string, done) => done(null, { name }));
    const { csrfSynchronisedProtection, generateToken } = csrfSync();
    const app = express();
    const store = expressStore(openBags(createMemoryBackend()));
    app.use(session({ secret: "s", resave: false, saveUninitialized: false, store }));
    app.use(express.urlencoded(), flash(), people.initialize(), people.session());
    app.get("/", (request, response) => {
      response.json({ user: nameOf(request.user), said: request.flash("info") });
    });
    app.get("/say", (request, response) => {
      request.flash("info", "welcome");
      response.end();
    });
    app.post("/login", people.authenticate("local", { successRedirect: "/" }));
    app.post("/logout", (request, response, next) =>
      request.logout((error) => (error ? next(error) : response.end())),
    );
    app.get("/token", (request, response) => response.json(generateToken(request)));
    app.post("/act", csrfSynchronisedProtection, (_request, response) => response.end("done"));
    const server = await listen(app);
    servers.push(server);
    const browser = createBrowser(server.url);
    const shown = async (): Promise<unknown> => (await browser.get("/")).json();

    await browser.get("/say");
    expect([await shown(), await shown()]).toEqual([
      { user: null, said: ["welcome"] },
      { user: null, said: [] },
    ]);
    const before = [...browser.cookies.values()].join();
    expect((await browser.get("/login", loginForm)).status).toBe(302);
    expect([...browser.cookies.values()].join()).not.toBe(before);
    expect(await shown()).toEqual({ user: "alice", said: [] });
    const token: unknown = await (await browser.get("/token")).json();
    const act = (sent: string): Promise<Response["statusCode"]> =>
      browser.get("/act", { method: "POST", headers: { "x-csrf-token": sent } }).then(({ status }) => status);
    expect([await act(String(token)), await act("wrong")]).toEqual([200, 403]);
    await browser.get("/logout", { method: "POST" });
    expect(await shown()).toEqual({ user: null, said: [] });
  });
});
