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
