import fastifyCookie from "@fastify/cookie";
import { Authenticator } from "@fastify/passport";
import fastifyStoreSession from "@fastify/session";
import Fastify, { type FastifyInstance } from "fastify";
import Koa from "koa";
import { KoaPassport } from "koa-passport";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { expressStore } from "../../runtime/http/express-store.js";
import { fastifySession } from "../../runtime/http/fastify.js";
import { koaSession } from "../../runtime/http/koa.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { openBags } from "../suites/bag-kind.js";
import { type Listening, listen } from "../suites/listen.js";
import { letIn, loginForm, nameOf, type Person } from "../suites/people.js";

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const toName = (user: unknown): string => nameOf(user) ?? "";
const toPerson = (name: string): Person => ({ name });

async function startKoa(): Promise<string> {
  const passport = new KoaPassport();
  letIn(passport);
  passport.serializeUser((user, done) => done(null, toName(user)));
  passport.deserializeUser((name: string, done) => done(null, toPerson(name)));
  const app = new Koa();
  app.use(koaSession(openBags(createMemoryBackend()), { callbacks: true }));
  app.use(async (ctx, next) => {
    if (ctx.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of ctx.req) chunks.push(chunk);
      Object.assign(ctx.request, {
        body: Object.fromEntries(new URLSearchParams(String(Buffer.concat(chunks)))),
      });
    }
    await next();
  });
  app.use(passport.initialize()).use(passport.session());
  app.use(async (ctx, next) => {
    if (ctx.path === "/theme") Reflect.set(ctx["session"], "theme", "dark");
    if (ctx.path === "/logout") await ctx.logout();
    if (ctx.path === "/login") return passport.authenticate("local", { successRedirect: "/" })(ctx, next);
    ctx.body = { user: nameOf(ctx.state["user"]), theme: Reflect.get(ctx["session"], "theme") ?? null };
  });
  const server = await listen(app.callback());
  servers.push(server);
  return server.url;
}

async function startFastify(useSessions: (app: FastifyInstance) => Promise<void>): Promise<string> {
  const passport = new Authenticator();
  letIn({ use: (strategy) => passport.use(strategy) });
  passport.registerUserSerializer(async (user) => ({ user: toName(user) }));
  passport.registerUserDeserializer(async ({ user }: { user: string }) => toPerson(user));
  const app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  await useSessions(app);
  await app.register(passport.initialize());
  await app.register(passport.secureSession());
  const bag = (request: object): object => Reflect.get(request, "session");
  const show = (request: { readonly user?: unknown }): object => ({
    user: nameOf(request.user),
    theme: Reflect.get(bag(request), "theme") ?? null,
  });
  app.get("/", async (request) => show(request));
  app.get("/theme", async (request) => {
    Reflect.set(bag(request), "theme", "dark");
    return show(request);
  });
  app.post(
    "/login",
    { preValidation: passport.authenticate("local", { successRedirect: "/" }) },
    () => undefined,
  );
  app.post(
    "/login-keeping",
    { preValidation: passport.authenticate("local", { successRedirect: "/", keepSessionInfo: true }) },
    () => undefined,
  );
  app.get("/logout", async (request) => {
    await request.logout();
    return show(request);
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  servers.push({ url, close: () => app.close() });
  return url;
}

const startOurs = (): Promise<string> =>
  startFastify(async (app) => {
    await app.register(fastifySession, { sessions: openBags(createMemoryBackend()), callbacks: true });
  });

const programs: readonly (readonly [name: string, start: () => Promise<string>])[] = [
  ["koa-passport on koaSession", startKoa],
  ["@fastify/passport on fastifySession", startOurs],
  [
    "@fastify/passport on @fastify/session with our store",
    () =>
      startFastify(async (app) => {
        await app.register(fastifyCookie);
        const store = expressStore(openBags(createMemoryBackend()));
        await app.register(fastifyStoreSession, {
          secret: "a secret of at least thirty-two characters",
          cookie: { secure: false },
          saveUninitialized: false,
          store: store as never,
        });
      }),
  ],
];

describe.each(programs)("%s", (_name, start) => {
  const see = async (browser: Browser, path = "/"): Promise<unknown> => (await browser.get(path)).json();
  const cookieOf = (browser: Browser): string => [...browser.cookies.values()].join();

  it("signs in under a new key, and out again", async () => {
    const browser = createBrowser(await start());
    expect(await see(browser, "/theme")).toEqual({ user: null, theme: "dark" });
    const before = new Map(browser.cookies);
    const old = cookieOf(browser);
    expect((await browser.get("/login", loginForm)).status).toBe(302);
    expect(cookieOf(browser)).not.toBe(old);
    expect(await see(browser)).toMatchObject({ user: "alice" });
    const inside = new Map(browser.cookies);
    const planter = (cookies: Map<string, string>): Browser => createBrowser(servers[0]?.url ?? "", cookies);
    expect(await see(planter(before))).toEqual({ user: null, theme: null });
    expect(await see(browser, "/logout")).toMatchObject({ user: null });
    expect(await see(browser)).toMatchObject({ user: null });
    expect(await see(planter(inside))).toEqual({ user: null, theme: null });
  });

  it("lets nobody in whose password is wrong", async () => {
    const browser = createBrowser(await start());
    const wrong = await browser.get("/login", { ...loginForm, body: "username=alice&password=wrong" });
    expect(wrong.status).toBe(401);
    expect(await see(browser)).toMatchObject({ user: null });
  });
});

it("@fastify/passport on fastifySession keeps what was there where it is told to, under a new key", async () => {
  const browser = createBrowser(await startOurs());
  await browser.get("/theme");
  const before = new Map(browser.cookies);
  await browser.get("/login-keeping", loginForm);
  expect(await (await browser.get("/")).json()).toEqual({ user: "alice", theme: "dark" });
  const planted = await createBrowser(servers[0]?.url ?? "", before).get("/");
  expect(await planted.json()).toEqual({ user: null, theme: null });
});
