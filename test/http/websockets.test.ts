import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { expressSession } from "../../runtime/http/express.js";
import { fastifySession } from "../../runtime/http/fastify.js";
import { honoSession } from "../../runtime/http/hono.js";
import { koaSession } from "../../runtime/http/koa.js";
import { SessionError, type Sessions } from "../../runtime/index.js";
import { type FailingPlan, type FakeClock, failingBackend, fakeClock } from "../../runtime/testing/index.js";
import { installOnDemand } from "../packages/on-demand.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { isNightly } from "../suites/faults/scale.js";
import { openShop, type ShopSession } from "../suites/shop-kind.js";

/** What a page of the app does. */
async function visit(path: string, session: ShopSession): Promise<string> {
  if (path === "/login") session.userId = 42;
  else if (path === "/logout") await session.destroy();
  else session.theme = path.slice(1);
  return "done";
}

/** Servers of each framework, with sockets, whose pages change the sessions that these look at. */
const frameworks: Readonly<Record<string, (sessions: Sessions<ShopSession>) => Promise<Server>>> = {
  express: async (sessions) => {
    const app = express();
    app.use(expressSession(sessions));
    app.use(async (request, response) => response.end(await visit(request.path, sessions.of(request))));
    return acceptSockets(createServer(app), sessions);
  },
  fastify: async (sessions) => {
    const app = fastify();
    await app.register(fastifySession, { sessions });
    app.get("/*", (request) => visit(request.url, sessions.of(request)));
    await app.ready();
    return acceptSockets(app.server, sessions);
  },
  koa: async (sessions) => {
    const app = new Koa();
    app.use(koaSession(sessions));
    app.use(async (ctx) => {
      ctx.body = await visit(ctx.path, sessions.of(ctx));
    });
    return acceptSockets(createServer(app.callback()), sessions);
  },
  hono: async (sessions) => {
    const app = new Hono();
    app.use(honoSession(sessions));
    app.get("/*", async (c) => c.text(await visit(c.req.path, sessions.of(c))));
    const server = createAdaptorServer({ fetch: app.fetch });
    if (!("closeAllConnections" in server)) throw new Error("This is no server of HTTP/1.1.");
    return acceptSockets(server, sessions);
  },
  ...(isNightly && { "@fastify/websocket": openFastifyWebsocket }),
};

/** As docs/frameworks/fastify.md has it: the handshakes are requests, which pass the hooks of our plug-in. */
async function openFastifyWebsocket(sessions: Sessions<ShopSession>): Promise<Server> {
  const folder = installOnDemand("fastify-websocket", { "@fastify/websocket": "11" });
  const app = fastify();
  await app.register(createRequire(join(folder, "package.json"))("@fastify/websocket"));
  await app.register(fastifySession, { sessions });
  app.get("/*", (request) => visit(request.url, sessions.of(request)));
  app.route({
    method: "GET",
    url: "/",
    preValidation: async (request, reply) => {
      if (sessions.of(request).userId === undefined) return reply.code(401).send("Sign in first.");
    },
    handler: async () => "a page",
    // Of a server that has `@fastify/websocket` in its typings.
    ...{ wsHandler: (socket: WebSocket, request: object) => answerBy(socket, sessions.of(request)) },
  });
  await app.ready();
  return app.server;
}

/** Sockets as docs/http.md has them, by ws: who opens one is known by the cookie of its handshake. */
function acceptSockets(server: Server, sessions: Sessions<ShopSession>): Server {
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    sessions.fromCookie(request.headers.cookie).then(
      (session) => {
        if (session.userId === undefined) socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
        else sockets.handleUpgrade(request, socket, head, (opened) => answerBy(opened, session));
      },
      () => socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
    );
  });
  return server;
}

function answerBy(socket: WebSocket, session: ShopSession): void {
  socket.on("message", async () => {
    try {
      await session.reload();
      socket.send(`${session.userId} likes ${session.theme}`);
    } catch (error) {
      if (error instanceof SessionError && error.code === "gone") socket.close(4401, "gone");
      else socket.send("try again");
    }
  });
}

describe.each(Object.entries(frameworks))("WebSockets beside %s", (_name, open) => {
  let server: Server;
  let url: string;
  let clock: FakeClock;
  let plan: FailingPlan;
  let browser: Browser;

  beforeEach(async () => {
    clock = fakeClock(Date.now());
    plan = {};
    const sessions = openShop(failingBackend(createMemoryBackend({ clock }), plan), {
      clock,
      rotation: { every: "1h" },
    });
    server = await open(sessions);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    browser = createBrowser(`http://${url}`);
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
  });

  /** A socket of the browser, or the status that its handshake was refused with. */
  const connect = async (): Promise<WebSocket | number | undefined> => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const socket = new WebSocket(`ws://${url}/`, { headers: { cookie } });
    const refused = new Promise<number | undefined>((resolve) => {
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
    });
    return Promise.race([once(socket, "open").then(() => socket), refused]);
  };
  const opened = async (): Promise<WebSocket> => {
    const socket = await connect();
    if (socket instanceof WebSocket) return socket;
    throw new Error(`The handshake was refused with ${socket}.`);
  };
  /** What it answers, or the code that it is closed with. */
  const ask = (socket: WebSocket): Promise<unknown> => {
    const answer = Promise.race([
      once(socket, "message").then(([text]) => String(text)),
      once(socket, "close").then(([code]) => Number(code)),
    ]);
    socket.send("what do I like?");
    return answer;
  };

  it("are for whoever has signed in, see what changes, and notice the logout", async () => {
    expect(await connect()).toBe(401);
    await browser.get("/dark");
    expect(await connect()).toBe(401);
    await browser.get("/login");
    const socket = await opened();
    expect(await ask(socket)).toBe("42 likes dark");
    await browser.get("/light");
    expect(await ask(socket)).toBe("42 likes light");
    const cookies = [...browser.cookies];
    await browser.get("/logout");
    expect(await ask(socket)).toBe(4401);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(await connect()).toBe(401);
  });

  it("outlive a periodic change of key while they look, and else are opened again by the new cookie", async () => {
    await browser.get("/login");
    const [looking, silent] = [await opened(), await opened()];
    for (const wait of ["40m", "40m"] as const) {
      clock.advance(wait);
      await browser.get("/dark");
    }
    expect(await ask(looking)).toBe("42 likes dark");
    clock.advance("5m");
    await browser.get("/light");
    expect(await ask(looking)).toBe("42 likes light");
    clock.advance("1m");
    expect(await ask(looking)).toBe("42 likes light");
    expect(await ask(silent)).toBe(4401);
    expect(await ask(await opened())).toBe("42 likes light");
    looking.terminate();
  });

  it("tell a backend that is down from a logout", async () => {
    await browser.get("/login");
    const socket = await opened();
    plan.load = "reject";
    expect(await ask(socket)).toBe("try again");
    expect(await connect()).toBe(503);
    plan.load = "pass";
    expect(await ask(socket)).toBe("42 likes undefined");
    socket.terminate();
  });
});
