import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import session from "express-session";
import { expect, test } from "vitest";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openOver } from "../fixture/open.js";
import { sessionOf, start } from "./express-session-app.js";

const week = 7 * 24 * 3_600_000;

/** What express-session's own store does is what an app is used to. */
test.each(["its own store", "ours"])("a cookie that alone was changed is kept by %s", async (which) => {
  const opened = openOver(createMemoryBackend(), { clock: Date.now });
  const store = which === "ours" ? expressStore(opened.sessions) : new session.MemoryStore();
  const browser = await start(
    {
      "/in": (request, response) => {
        sessionOf(request).visits = 1;
        response.end();
      },
      "/remember": (request, response) => {
        sessionOf(request).cookie.maxAge = week;
        response.end();
      },
      "/out": (request, response) => {
        const { visits, cookie } = sessionOf(request);
        response.json({ visits, maxAge: cookie.originalMaxAge });
      },
    },
    opened,
    { store },
  );
  await browser.get("/in");
  await browser.get("/out");
  await browser.get("/remember");
  expect(JSON.parse((await browser.get("/out")).text)).toEqual({ visits: 1, maxAge: week });
});

const ends: Readonly<Record<string, (cookie: session.Cookie) => void>> = {
  "maxAge = 0": (cookie) => void Object.assign(cookie, { maxAge: 0 }),
  "a maxAge below": (cookie) => void Object.assign(cookie, { maxAge: -5 }),
  "expires in the past": (cookie) => void Object.assign(cookie, { expires: new Date(0) }),
};

test.each(["its own store", "ours"].flatMap((which) => Object.keys(ends).map((end) => [which, end])))(
  "over %s, %s of a cookie is a logout, also for who has kept the cookie",
  async (which, end) => {
    const opened = openOver(createMemoryBackend(), { clock: Date.now });
    const store = which === "ours" ? expressStore(opened.sessions) : new session.MemoryStore();
    const out = (request: object): void => ends[end ?? ""]?.(sessionOf(request).cookie);
    const browser = await start(
      {
        "/in": (request, response) => {
          sessionOf(request).userId = 1;
          response.end();
        },
        "/out": (request, response) => {
          out(request);
          response.end();
        },
        "/save": (request, response) => {
          out(request);
          sessionOf(request).save((error) => response.end(String(error ?? "saved")));
        },
        "/who": (request, response) => {
          response.end(String(sessionOf(request).userId));
        },
      },
      opened,
      { store },
    );
    for (const path of ["/out", "/save"]) {
      await browser.get("/in", "");
      const kept = browser.cookie();
      expect((await browser.get("/who", kept)).text).toBe("1");
      expect((await browser.get(path, kept)).status).toBe(200);
      expect((await browser.get("/who", kept)).text).toBe("undefined");
    }
    expect(await opened.sessions.count()).toBe(0);
  },
);

test.each(["its own store", "ours"])("rolling sends the whole cookie again over %s", async (which) => {
  const opened = openOver(createMemoryBackend(), { clock: Date.now });
  const store = which === "ours" ? expressStore(opened.sessions) : new session.MemoryStore();
  const attributes = { maxAge: week, httpOnly: true, sameSite: "strict", path: "/" } as const;
  const browser = await start(
    {
      "/": (request, response) => {
        sessionOf(request).visits = 1;
        response.json({ left: sessionOf(request).cookie.maxAge });
      },
    },
    opened,
    { store, rolling: true, cookie: attributes },
  );
  const first = await browser.get("/");
  const again = await browser.get("/");
  for (const { headers } of [first, again]) {
    expect(headers.get("set-cookie")).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  }
  expect(JSON.parse(again.text).left).toBeGreaterThan(week - 60_000);
});
