import flash from "connect-flash";
import { csrfSync } from "csrf-sync";
import express, { type Request } from "express";
import passport from "passport";
import { Strategy } from "passport-local";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { withCallbacks } from "../../../runtime/http/callbacks.js";
import { expressSession } from "../../../runtime/http/express.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { type Browser, createBrowser, settleDown } from "../../suites/adapter-client.js";
import { openBags } from "../../suites/bag-kind.js";
import { type Listening, listen } from "../../suites/listen.js";

const people = new passport.Passport();
people.use(new Strategy((name, password, done) => done(null, password === "right" ? { name } : false)));
people.serializeUser((user, done) => done(null, "name" in user ? user.name : ""));
people.deserializeUser((name: string, done) => done(null, { name }));

let server: Listening;
let browser: Browser;
let plan: FailingPlan;

beforeEach(async () => {
  plan = {};
  const sessions = openBags(failingBackend(createMemoryBackend(), plan));
  const { csrfSynchronisedProtection, generateToken } = csrfSync();
  const app = express();
  app.use(expressSession(sessions, { callbacks: true }), express.urlencoded(), flash());
  app.use(people.initialize(), people.session());
  app.get("/", (request, response) => response.json({ user: request.user, said: request.flash("info") }));
  app.get("/theme", (request, response) => {
    Reflect.set(sessionOf(request), "theme", "dark");
    response.json({});
  });
  app.get("/seen", (request, response) => response.json({ theme: Reflect.get(sessionOf(request), "theme") }));
  const login = people.authenticate("local", {
    successRedirect: "/",
    failureRedirect: "/",
    failureFlash: "no",
  });
  const keeping = people.authenticate("local", { successRedirect: "/", keepSessionInfo: true });
  app.post("/login", login);
  app.post("/login-keeping", keeping);
  app.post("/logout", (request, response, next) =>
    request.logout((error) => (error ? next(error) : response.end())),
  );
  app.get("/flash", (request, response) => {
    request.flash("info", "welcome");
    response.redirect("/");
  });
  app.get("/renew", (request, response, next) => {
    withCallbacks(sessions.of(request)).regenerate((failed) => {
      const renewed = withCallbacks(sessions.of(request));
      Reflect.set(renewed, "theme", "new");
      renewed.save((error) =>
        failed || error ? next(failed ?? error) : response.json({ key: renewed.key }),
      );
    });
  });
  app.get("/begin/:method", (request, response) => {
    const own = sessionOf(request);
    Reflect.set(own, "theme", "light");
    Object.assign(plan, { load: "reject", save: "reject", delete: "reject" });
    Reflect.get(own, String(request.params["method"])).call(own);
    response.end();
  });
  app.get("/csrf", (request, response) => response.json(generateToken(request)));
  app.post("/csrf", csrfSynchronisedProtection, (_request, response) => response.json("passed"));
  server = await listen(app);
  browser = createBrowser(server.url);
});
afterEach(() => server.close());

function sessionOf(request: Request): object {
  return Reflect.get(request, "session");
}

const send = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  browser.get(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: "username=alice&password=right",
  });

const read = async (path: string): Promise<unknown> => (await browser.get(path)).json();

describe("under express-session's callbacks", () => {
  it("Passport signs in under a new key, and out again", async () => {
    await browser.get("/theme");
    const before = [...browser.cookies.values()];
    const login = await send("/login");
    expect([login.status, login.headers.getSetCookie().length]).toEqual([302, 1]);
    expect(await read("/")).toEqual({ user: { name: "alice" }, said: [] });
    expect(await read("/seen")).toEqual({});
    const planted = createBrowser(server.url, [["__Host-session", before[0] ?? ""]]);
    expect(await (await planted.get("/seen")).json()).toEqual({});
    const logout = await send("/logout");
    expect(logout.headers.getSetCookie()).toEqual([expect.stringContaining("Max-Age=0")]);
    expect(await read("/")).toEqual({ said: [] });
  });

  it("Passport keeps what was there where it is told to", async () => {
    await browser.get("/theme");
    await send("/login-keeping");
    expect(await read("/seen")).toEqual({ theme: "dark" });
    expect(await read("/")).toEqual({ user: { name: "alice" }, said: [] });
  });

  it("Passport hears of a backend that fails, and the answer is 503", async () => {
    plan.create = "reject";
    expect((await send("/login")).status).toBe(503);
    expect(browser.cookies.size).toBe(0);
  });

  it("connect-flash says a thing once", async () => {
    await browser.get("/flash");
    expect(await read("/")).toEqual({ said: ["welcome"] });
    expect(await read("/")).toEqual({ said: [] });
  });

  it("code of one's own compiles with callbacks, and has its session renewed", async () => {
    await browser.get("/theme");
    const before = [...browser.cookies.values()].join();
    expect(await read("/renew")).toEqual({ key: [...browser.cookies.values()].join() });
    expect([...browser.cookies.values()].join()).not.toBe(before);
    expect(await read("/seen")).toEqual({ theme: "new" });
    const without = openBags(createMemoryBackend()).create();
    expect(() => withCallbacks(without)).toThrow(expect.objectContaining({ code: "config" }));
  });

  it.each(["save", "reload", "destroy", "regenerate"])(
    "%s without a callback fails its request, not the process",
    async (method) => {
      await browser.get("/theme");
      const unheard = vi.fn();
      process.on("unhandledRejection", unheard);
      expect((await browser.get(`/begin/${method}`)).status).toBe(503);
      await settleDown();
      process.off("unhandledRejection", unheard);
      expect(unheard).not.toHaveBeenCalled();
    },
  );

  it("csrf-sync finds its token", async () => {
    const token = await read("/csrf");
    expect((await send("/csrf", { "x-csrf-token": String(token) })).status).toBe(200);
    expect((await send("/csrf", { "x-csrf-token": "wrong" })).status).toBe(403);
  });
});
