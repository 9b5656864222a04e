import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import express from "express";
import session from "express-session";
import { Server as SocketServer } from "socket.io";
import { io, type Socket } from "socket.io-client";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { expressSession } from "../../runtime/http/express.js";
import { expressStore } from "../../runtime/http/express-store.js";
import { SessionError } from "../../runtime/index.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { openBags } from "../suites/bag-kind.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const sessionOf = (request: object): object => Reflect.get(request, "session");

async function open(app: express.Express, prepare: (sockets: SocketServer) => void): Promise<string> {
  const server: Server = createServer(app);
  const sockets = new SocketServer(server);
  prepare(sockets);
  closing.push(() => sockets.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

function connectAs(url: string, { cookies }: Browser): Socket {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const socket = io(url, { extraHeaders: { cookie }, reconnection: false, transports: ["websocket"] });
  closing.push(() => socket.disconnect());
  return socket;
}

const ask = (socket: Socket): Promise<unknown> => socket.emitWithAck("theme");

describe("socket.io", () => {
  it("has the session of its handshake, sees what changes, and is told of its end", async () => {
    const sessions = openBags(createMemoryBackend());
    const app = express();
    app.use(expressSession(sessions));
    app.get("/theme/:theme", (request, response) => {
      sessions.of(request).set("theme", request.params.theme);
      response.end();
    });
    app.get("/logout", async (request, response) => {
      await sessions.of(request).destroy();
      response.end();
    });
    const url = await open(app, (sockets) => {
      sockets.use(async (socket, next) => {
        const found = await sessions.fromCookie(socket.request.headers.cookie, socket.request);
        next(found.isNew ? new Error("nobody") : undefined);
      });
      sockets.on("connection", (socket) => {
        socket.on("theme", async (reply: (theme: unknown) => void) => {
          try {
            const own = sessions.of(socket.request);
            await own.reload();
            reply(own.get("theme"));
          } catch (error) {
            reply(error instanceof SessionError ? error.code : "failed");
          }
        });
      });
    });
    const browser = createBrowser(url);
    await browser.get("/theme/dark");
    const socket = connectAs(url, browser);
    expect(await ask(socket)).toBe("dark");
    await browser.get("/theme/light");
    expect(await ask(socket)).toBe("light");
    await browser.get("/logout");
    expect(await ask(socket)).toBe("gone");
    const refused = new Promise((resolve) => connectAs(url, browser).on("connect_error", resolve));
    expect(await refused).toMatchObject({ message: "nobody" });
  });

  it("shares the middleware of express-session over our store", async () => {
    const store = expressStore(openBags(createMemoryBackend()));
    const middleware = session({ secret: "s", resave: false, saveUninitialized: false, store });
    const app = express();
    app.use(middleware);
    app.get("/theme/:theme", (request, response) => {
      Object.assign(sessionOf(request), request.params);
      response.end();
    });
    const url = await open(app, (sockets) => {
      sockets.engine.use(middleware);
      sockets.on("connection", (socket) => {
        socket.on("theme", (reply: (theme: unknown) => void) => {
          const { request }: { request: IncomingMessage } = socket;
          const own = sessionOf(request);
          Reflect.get(own, "reload").call(own, (error: unknown) =>
            reply(error ? "gone" : Reflect.get(sessionOf(request), "theme")),
          );
        });
      });
    });
    const browser = createBrowser(url);
    await browser.get("/theme/dark");
    const socket = connectAs(url, browser);
    expect(await ask(socket)).toBe("dark");
    await browser.get("/theme/light");
    expect(await ask(socket)).toBe("light");
  });
});
