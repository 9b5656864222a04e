import express from "express";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressSession } from "../../../runtime/http/express.js";
import { fastifySession } from "../../../runtime/http/fastify.js";
import type { SessionSink, Sessions } from "../../../runtime/index.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { type Listening, listen } from "../../suites/listen.js";
import { openShop, type ShopSession } from "../../suites/shop-kind.js";
import { createScraped } from "./scraped.js";

type Act = (session: ShopSession) => Promise<void> | void;

const acts: Readonly<Record<string, Act>> = {
  "/": () => undefined,
  "/theme": (session) => {
    session.theme = session.theme === "dark" ? "light" : "dark";
  },
  "/login": (session) => {
    session.userId = 42;
  },
  "/logout": (session) => session.destroy(),
};

function actOf(path: string): Act {
  return acts[path] ?? acts["/"] ?? (() => undefined);
}

const adapters: Readonly<Record<string, (sessions: Sessions<ShopSession>) => Promise<Listening>>> = {
  async Express(sessions) {
    const app = express();
    app.use(expressSession(sessions));
    app.use(async (request, response) => {
      await actOf(request.path)(sessions.of(request));
      response.end();
    });
    return listen(app);
  },
  async Fastify(sessions) {
    const app = fastify({ forceCloseConnections: true });
    await app.register(fastifySession, { sessions });
    app.all("/*", async (request) => {
      await actOf(request.url)(sessions.of(request));
      return "";
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
};

const kind = '{kind="session"}';

describe.each(Object.entries(adapters))("what a scrape shows of requests to %s", (_name, serve) => {
  async function start(sinks: readonly SessionSink[], warnings: string[] = []) {
    const logger = { warn: (message: string) => void warnings.push(message) };
    const clock = fakeClock();
    const sessions = openShop(createMemoryBackend({ clock }), { clock, logger, sinks });
    const server = await serve(sessions);
    return { clock, sessions, server, browser: createBrowser(server.url) };
  }

  it("counts each thing once", async () => {
    const scraped = createScraped();
    const { clock, sessions, server, browser } = await start([scraped.sink]);
    await sessions.ready();

    await browser.get("/"); // Nothing: an anonymous request has no token and stores nothing.
    await browser.get("/theme"); // Created.
    await browser.get("/"); // Hit.
    await browser.get("/login"); // Hit; the key changes and the data is saved.
    await browser.get("/theme"); // Hit, saved.
    const stale = createBrowser(server.url, browser.cookies);
    await browser.get("/logout"); // Hit, flushed.
    await browser.get("/"); // Nothing: the cookie is gone.
    await stale.get("/"); // Miss.
    await createBrowser(server.url, [["__Host-session", "no token"]]).get("/"); // Nothing.
    await createBrowser(server.url, [["__Host-session", "A".repeat(43)]]).get("/"); // Miss.
    await browser.get("/theme"); // Created.
    clock.advance("2h");
    await browser.get("/"); // Miss, expired.
    expect(await scraped.counts()).toEqual({
      [`session_created_total${kind}`]: 2,
      [`session_accessed_total${kind}`]: 7,
      [`session_access_hit_total${kind}`]: 4,
      [`session_access_miss_total${kind}`]: 3,
      [`session_access_latency_seconds_count${kind}`]: 7,
      [`session_size_bytes_count${kind}`]: 4,
      ['session_deleted_total{kind="session",reason="flushed"}']: 1,
      [`session_expired_total${kind}`]: 1,
    });
    await server.close();
  });

  it("is the same to the visitor when every sink throws or rejects", async () => {
    const failing: readonly SessionSink[] = [
      () => {
        throw new Error("the sink is broken");
      },
      { note: () => Promise.reject(new Error("the sink is broken")) },
      {
        note: () => ({
          // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
          get then(): never {
            throw new Error("the sink is broken");
          },
        }),
      },
    ];
    const warnings: string[] = [];
    const { server, browser } = await start(failing, warnings);
    const statuses: number[] = [];
    for (const path of ["/theme", "/login", "/theme", "/", "/logout", "/"])
      statuses.push((await browser.get(path)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect(browser.cookies.size).toBe(0);
    expect(warnings).toHaveLength(failing.length);
    await server.close();
  });
});
