import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import express from "express";
import session from "express-session";
import Keyv from "keyv";
import { afterEach, describe, expect, test } from "vitest";
import { createCacheBackend } from "../../../runtime/backends/cache.js";
import { expressStore } from "../../../runtime/http/express-store.js";
import { type Opened, openOver } from "../fixture/open.js";

/** What the app of these tests keeps in its sessions. */
type AppSession = session.Session & {
  userId?: number | string;
  visits?: number;
  lastSeen?: Date;
  flash?: unknown;
  [name: `member${number}`]: number;
};

/** Other tests declare what else `request.session` may be. */
function sessionOf(request: object): AppSession {
  return (request as { readonly session: AppSession }).session;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Handler = (request: express.Request, response: express.Response) => void | Promise<void>;

/** An app of express-session over our sessions; a handler for each path. */
async function start(
  handlers: Readonly<Record<string, Handler>>,
  { sessions }: Pick<Opened, "sessions">,
  options: Partial<session.SessionOptions> = {},
) {
  const app = express();
  app.use(
    session({
      secret: "s",
      resave: false,
      saveUninitialized: false,
      store: expressStore(sessions),
      ...options,
    }),
  );
  for (const [path, handler] of Object.entries(handlers)) app.get(path, handler);
  app.use((error: { code?: string }, _: unknown, response: express.Response, next: express.NextFunction) => {
    if (response.headersSent) return next();
    response.status(500).send(String(error.code));
  });
  const server = createServer(app).listen(0);
  closing.push(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let cookie = "";
  return {
    cookie: () => cookie,
    get: async (path: string, sent = cookie) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie: sent } });
      const set = response.headers.getSetCookie()[0]?.split(";")[0];
      if (set !== undefined) cookie = set;
      return { status: response.status, text: await response.text() };
    },
  };
}

const sid = (cookie: string): string =>
  decodeURIComponent(cookie.split("=s%3A")[1] ?? "").split(".")[0] ?? "";

describe("express-session over our sessions", () => {
  test("keeps fields of the shape typed and indexed, and all other members beside them", async () => {
    const opened = openOver(createMemoryBackend());
    const date = new Date(1_700_000_000_000);
    const browser = await start(
      {
        "/in": (request, response) => {
          Object.assign(sessionOf(request), { userId: 42, lastSeen: date, flash: { list: [1, "two"] } });
          response.end();
        },
        "/out": (request, response) => {
          const { userId, lastSeen, flash, visits } = sessionOf(request);
          response.json({ userId, isDate: lastSeen instanceof Date, flash, visits });
        },
      },
      opened,
    );
    await browser.get("/in");
    expect(JSON.parse((await browser.get("/out")).text)).toEqual({
      userId: 42,
      isDate: true,
      flash: { list: [1, "two"] },
      visits: 0,
    });
    const found = [];
    for await (const summary of opened.sessions.find({ userId: 42 })) found.push(summary);
    expect(found).toHaveLength(1);
    expect(found[0]?.data).toMatchObject({ userId: 42, lastSeen: date });
    expect(found[0]?.data).not.toHaveProperty("flash");
    const { records } = await opened.backend.abilities.scan.scan({ limit: 10 });
    expect(JSON.stringify(records) + Buffer.from(records[0]?.data ?? [])).not.toContain(
      sid(browser.cookie()),
    );
  });

  test("refuses a value that does not fit its field", async () => {
    const opened = openOver(createMemoryBackend());
    const browser = await start(
      {
        "/": async (request, response) => {
          sessionOf(request).userId = "42";
          sessionOf(request).save((error) => response.end(String(error?.code)));
        },
      },
      opened,
    );
    expect((await browser.get("/")).text).toBe("invalid");
    expect(await opened.sessions.count()).toBe(0);
  });

  test("keeps what 50 requests at once change, each another member or field", async () => {
    const opened = openOver(createMemoryBackend());
    const all = gate(50);
    const browser = await start(
      {
        "/in": (request, response) => {
          sessionOf(request).userId = 1;
          response.end();
        },
        "/set/:number": async (request, response) => {
          await all();
          sessionOf(request)[`member${Number(request.params["number"])}`] = 1;
          response.end();
        },
        "/count": (request, response) => {
          response.end(
            String(Object.keys(sessionOf(request)).filter((name) => name.startsWith("member")).length),
          );
        },
      },
      opened,
    );
    await browser.get("/in");
    await Promise.all(Array.from({ length: 50 }, (_, number) => browser.get(`/set/${number}`)));
    expect((await browser.get("/count")).text).toBe("50");
  });

  test.each(["/out", "revoke"])(
    "a request that is overtaken by the end of its session (%s) revives nothing",
    async (end) => {
      const opened = openOver(createMemoryBackend());
      const arrived = gate(2);
      const leave = gate(2);
      const failures: unknown[] = [];
      const browser = await start(
        {
          "/in": (request, response) => {
            sessionOf(request).userId = 1;
            response.end();
          },
          "/slow": async (request, response) => {
            await arrived();
            await leave();
            sessionOf(request).visits = 5;
            sessionOf(request).save((error) => {
              failures.push(error?.code);
              response.end();
            });
          },
          "/out": (request, response) => void sessionOf(request).destroy(() => response.end()),
        },
        opened,
      );
      await browser.get("/in");
      const slow = browser.get("/slow");
      await arrived();
      if (end === "revoke") expect(await opened.sessions.revoke({ userId: 1 })).toBe(1);
      else await browser.get(end);
      await leave();
      await slow;
      expect([failures, await opened.sessions.count()]).toEqual([["gone"], 0]);
    },
  );

  test("regenerates: the old sid opens nothing, the new one has what was put in", async () => {
    const opened = openOver(createMemoryBackend());
    const browser = await start(
      {
        "/in": (request, response) => {
          sessionOf(request).visits = 1;
          response.end();
        },
        "/login": (request, response) => {
          sessionOf(request).regenerate(() => {
            sessionOf(request).userId = 7;
            sessionOf(request).save(() => response.end());
          });
        },
        "/who": (request, response) => {
          response.end(`${sessionOf(request).userId} ${sessionOf(request).visits}`);
        },
      },
      opened,
    );
    await browser.get("/in");
    const old = browser.cookie();
    await browser.get("/login");
    expect((await browser.get("/who")).text).toBe("7 0");
    expect((await browser.get("/who", old)).text).toBe("undefined undefined");
    expect(await opened.sessions.count()).toBe(1);
  });

  test("a request that only reads writes nothing, until its session has to be touched", async () => {
    const opened = openOver(createMemoryBackend());
    const browser = await start(
      {
        "/in": (request, response) => {
          sessionOf(request).userId = 1;
          response.end();
        },
        "/": (_, response) => void response.end(),
      },
      opened,
      { cookie: { maxAge: 600_000 }, rolling: true },
    );
    await browser.get("/in");
    opened.calls.length = 0;
    await browser.get("/");
    expect(opened.calls).not.toContain("touch");
    opened.clock.advance("5m");
    await browser.get("/");
    expect(opened.calls).toContain("touch");
    opened.clock.advance("599s");
    expect(await opened.sessions.count()).toBe(1);
    opened.clock.advance("2s");
    expect(await opened.sessions.count()).toBe(0);
  });

  test("all, length and clear are there when the sessions can", async () => {
    const opened = openOver(createMemoryBackend());
    const store = expressStore(opened.sessions);
    const bag = (userId: number) => ({ cookie: { originalMaxAge: null, path: "/" }, userId, flash: "kept" });
    for (const userId of [1, 2]) await called((done) => store.set(`sid${userId}`, bag(userId), done));
    expect(await called((done) => store.length?.(done))).toBe(2);
    const all: unknown = await called((done) => store.all?.(done));
    expect(all).toContainEqual(expect.objectContaining({ userId: 1, flash: "kept" }));
    await called((done) => store.clear?.(done));
    expect(await called((done) => store.length?.(done))).toBe(0);
    const cache = expressStore(openOver(createCacheBackend({ cache: new Keyv() })).sessions);
    expect([cache.all, cache.length, cache.clear]).toEqual([undefined, undefined, undefined]);
  });
});

/** A door that opens when so many stand before it. */
function gate(count: number): () => Promise<void> {
  let waiting = 0;
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    waiting += 1;
    if (waiting === count) open();
    return opened;
  };
}

function called<T>(start: (done: (error?: unknown, value?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}
