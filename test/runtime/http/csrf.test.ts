import { text } from "node:stream/consumers";
import express, { type ErrorRequestHandler } from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { csrfProtection, csrfToken } from "../../../runtime/http/csrf.js";
import { type ExpressSessionOptions, expressSession } from "../../../runtime/http/express.js";
import { fastifySession } from "../../../runtime/http/fastify.js";
import { fetchSession } from "../../../runtime/http/fetch.js";
import { honoSession } from "../../../runtime/http/hono.js";
import { type KoaSessionOptions, koaSession } from "../../../runtime/http/koa.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { type Listening, listen } from "../../suites/listen.js";
import { openShop } from "../../suites/shop-kind.js";

const form = (token: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "Application/X-WWW-Form-URLencoded; charset=UTF-8" },
  body: new URLSearchParams({ _csrf: token, sku: "fern" }).toString(),
});

/** What a browser does with the form of a page, and with one that has no token. */
async function submit(
  send: (path: string, init?: RequestInit) => Promise<Response>,
): Promise<readonly [answer: string, status: number]> {
  const token = await (await send("/")).text();
  const fine = await send("/cart", form(token));
  return [await fine.text(), (await send("/cart", form(token.toLowerCase()))).status];
}

describe("a token in a form field", () => {
  it("is found in a Request, of which the handler can read the form after", async () => {
    const sessions = openShop(createMemoryBackend());
    const handle = fetchSession(
      sessions,
      async (request, session) =>
        new Response(
          request.method === "GET" ? csrfToken(session) : String((await request.formData()).get("sku")),
        ),
      { csrf: true },
    );
    expect(await submit(withCookies(handle))).toEqual(["fern", 403]);
  });

  it.each([false, true])("is found by Hono, also where it was read before: %s", async (early) => {
    const sessions = openShop(createMemoryBackend());
    const app = new Hono();
    app.use(async (c, next) => {
      if (early) await c.req.parseBody();
      await next();
    });
    app.use(honoSession(sessions, { csrf: true }));
    app.get("/", (c) => c.text(csrfToken(sessions.of(c))));
    app.post("/cart", async (c) => c.text(String((await c.req.parseBody())["sku"])));
    expect(await submit(withCookies(async (request) => app.fetch(request)))).toEqual(["fern", 403]);
  });

  it("is found by Koa, whose parsers leave the form on the request of the context", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = new Koa();
    app.use(async (ctx, next) => {
      Object.assign(ctx.request, { body: Object.fromEntries(new URLSearchParams(await text(ctx.req))) });
      await next();
    });
    app.use(koaSession(sessions, { csrf: true }));
    app.use((ctx) => {
      ctx.body = ctx.method === "GET" ? csrfToken(sessions.of(ctx)) : Reflect.get(ctx.request, "body").sku;
    });
    const server = await listen(app.callback());
    expect(await submit(createBrowser(server.url).get)).toEqual(["fern", 403]);
    await server.close();
  });

  it("is not looked for in a form too large to be copied", async () => {
    const sessions = openShop(createMemoryBackend());
    const handle = fetchSession(sessions, (_request, session) => new Response(csrfToken(session)), {
      csrf: true,
    });
    const send = withCookies(handle);
    const token = await (await send("/")).text();
    const body = `_csrf=${token}&more=${"x".repeat(100_000)}`;
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(body.length),
    };
    expect((await send("/", { method: "POST", headers, body })).status).toBe(403);
  });

  it("is found by Fastify, whose parser has read it", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = fastify();
    await app.register(fastifySession, { sessions, csrf: true });
    app.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
    );
    app.get("/", async (request) => csrfToken(sessions.of(request)));
    app.post<{ Body: { sku: string } }>("/cart", async (request) => request.body.sku);
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    expect(await submit(createBrowser(url).get)).toEqual(["fern", 403]);
    await app.close();
  });

  it("is found by csrfProtection after the parser, whatever a method override made of the request", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = express();
    app.use(expressSession(sessions), express.urlencoded());
    app.use((request, _response, next) => {
      if (request.query["override"] !== undefined) request.method = "GET";
      next();
    });
    app.use(csrfProtection(sessions));
    app.get("/", (request, response) => response.send(csrfToken(sessions.of(request))));
    app.post("/cart", (request, response) => response.send(request.body.sku));
    const server = await listen(app);
    const browser = createBrowser(server.url);
    expect(await submit(browser.get)).toEqual(["fern", 403]);
    expect((await browser.get("/?override", form("none"))).status).toBe(403);
    await server.close();
  });
});

/** The page of one's own, in the way of each framework. */
describe("onError", () => {
  const page = "<h1>Please load the form again.</h1>";
  const isRefusal = (error: unknown): boolean => error instanceof SessionError && error.code === "forbidden";
  const foreign: RequestInit = { method: "POST", headers: { "sec-fetch-site": "cross-site" } };
  const see = async (response: Response): Promise<unknown> => [
    response.status,
    response.headers.get("cache-control"),
    await response.text(),
  ];
  const own = [403, "no-store", page];

  it("answers a refusal by Express, also one of csrfProtection, which is for the error handlers", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = express();
    const onError: ExpressSessionOptions["onError"] = (error, _request, response) =>
      isRefusal(error) && response.send(page);
    app.use("/checked", expressSession(sessions, { csrf: true, onError }));
    app.use("/after", expressSession(sessions), csrfProtection(sessions));
    app.use(((error, _request, response, _next) => {
      response.status(error.status).set("Cache-Control", "no-store").send(page);
    }) satisfies ErrorRequestHandler);
    const server = await listen(app);
    for (const path of ["/checked", "/after"])
      expect(await see(await createBrowser(server.url).get(path, foreign))).toEqual(own);
    await server.close();
  });

  it("answers a refusal by Fastify", async () => {
    const app = fastify();
    await app.register(fastifySession, {
      sessions: openShop(createMemoryBackend()),
      csrf: true,
      onError: (error, _request, reply) => isRefusal(error) && reply.send(page),
    });
    app.post("/", async () => "done");
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    expect(await see(await createBrowser(url).get("/", foreign))).toEqual(own);
    // Without any word of where it comes from, it is refused after the body was parsed.
    const unsaid = await app.inject({ method: "POST", url: "/" });
    expect([unsaid.statusCode, unsaid.body]).toEqual([403, page]);
    await app.close();
  });

  it("answers a refusal by Koa", async () => {
    const app = new Koa();
    const onError: KoaSessionOptions["onError"] = (error, _request, response) => {
      if (isRefusal(error)) response.body = page;
    };
    app.use(koaSession(openShop(createMemoryBackend()), { csrf: true, onError }));
    const server = await listen(app.callback());
    expect(await see(await createBrowser(server.url).get("/", foreign))).toEqual(own);
    await server.close();
  });

  it("answers a refusal by a Response", async () => {
    const handle = fetchSession(openShop(createMemoryBackend()), () => new Response("done"), {
      csrf: true,
      onError: (error, _request, { status, headers }) =>
        isRefusal(error) ? new Response(page, { status, headers }) : undefined,
    });
    expect(await see(await withCookies(handle)("/", foreign))).toEqual(own);
  });
});

describe("the option csrf", () => {
  it("is refused at start with what is no origin", async () => {
    const sessions = openShop(createMemoryBackend());
    const csrf = { trustedOrigins: ["https://shop.example/path"] };
    const message = /csrf.trustedOrigins: "https:\/\/shop.example\/path" is no origin/;
    expect(() => csrfProtection(sessions, csrf)).toThrow(message);
    expect(() => expressSession(sessions, { csrf })).toThrow(message);
    const app = fastify();
    app.register(fastifySession, { sessions, csrf });
    await expect(app.ready()).rejects.toThrow(message);
  });

  it.each(["development", "production"])("says once what is lacking: %s", async (mode) => {
    vi.stubEnv("NODE_ENV", mode);
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const handle = fetchSession(openShop(createMemoryBackend()), () => new Response(), { csrf: true });
    const post = (): Promise<Response> => withCookies(handle)("/", { method: "POST" });
    expect([(await post()).status, (await post()).status]).toEqual([403, 403]);
    const said = [expect.stringMatching(/x-csrf-token.*_csrf.*forbidden/), { type: "SessionWarning" }];
    expect(warn.mock.calls).toEqual(mode === "production" ? [] : [said]);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it("needs expressSession before csrfProtection", async () => {
    const app = express();
    app.use(csrfProtection(openShop(createMemoryBackend())));
    app.set("env", "test");
    const server: Listening = await listen(app);
    expect((await createBrowser(server.url).get("/")).status).toBe(500);
    await server.close();
  });

  it("has no token of a session that has ended", async () => {
    const session = openShop(createMemoryBackend()).create();
    await session.destroy();
    expect(() => csrfToken(session)).toThrow(expect.objectContaining({ code: "gone" }));
  });
});

/** A browser of a handler that no server is in front of. */
function withCookies(
  handle: (request: Request) => Promise<Response>,
): (path: string, init?: RequestInit) => Promise<Response> {
  let cookie = "";
  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("cookie", cookie);
    if (typeof init.body === "string") headers.set("content-length", String(init.body.length));
    const response = await handle(new Request(new URL(path, "http://localhost"), { ...init, headers }));
    for (const line of response.headers.getSetCookie()) cookie = line.split(";", 1)[0] ?? "";
    return response;
  };
}
