import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import Keyv from "keyv";
import { describe, expect, test } from "vitest";
import { createCacheBackend } from "../../../runtime/backends/cache.js";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openOver } from "../fixture/open.js";
import { sessionOf, start } from "./express-session-app.js";

/** Throws nothing away: the clock of the sessions stands still, long ago. */
const memory = () => createMemoryBackend({ clock: () => 0 });

describe("express-session over our sessions", () => {
  test("keeps fields of the shape typed and indexed, and all other members beside them", async () => {
    const opened = openOver(memory());
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
    const opened = openOver(memory());
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

  test("regenerates: the old sid opens nothing, the new one has what was put in", async () => {
    const opened = openOver(memory());
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
    const opened = openOver(memory());
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
    const opened = openOver(memory());
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

function sid(cookie: string): string {
  return decodeURIComponent(cookie.split("=s%3A")[1] ?? "").split(".")[0] ?? "";
}

function called<T>(start: (done: (error?: unknown, value?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}
