import { fileURLToPath } from "node:url";
import express from "express";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressSession } from "../../../runtime/http/express.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { testAdapterOnEveryBackend, testAdapterOnMemory } from "../../suites/adapter-backends.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { express4Adapter, expressAdapter } from "../../suites/adapters.js";
import { listen } from "../../suites/listen.js";
import { openShop } from "../../suites/shop-kind.js";

testAdapterOnEveryBackend(expressAdapter);
testAdapterOnMemory(express4Adapter, { rounds: 20 });

describe("expressSession", () => {
  it("puts the session on the request, where nothing can take its place", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = express();
    app.use(expressSession(sessions));
    app.get("/", (request, response) => {
      expect(Reflect.get(request, "session")).toBe(sessions.of(request));
      expect(() => Reflect.set(request, "session", null)).toThrow(TypeError);
      response.json({ fine: true });
    });
    const server = await listen(app);
    expect(await (await createBrowser(server.url).get("/")).json()).toEqual({ fine: true });
    await server.close();
  });

  it("answers a logout that fails with 503 and takes the cookie, though the handler lets Express handle it", async () => {
    const plan: FailingPlan = {};
    const sessions = openShop(failingBackend(createMemoryBackend(), plan), {
      logger: { warn: () => undefined },
    });
    const app = express();
    app.use(expressSession(sessions));
    app.get("/login", (request, response) => {
      sessions.of(request).theme = "dark";
      response.end();
    });
    app.get("/logout", async (request, response) => {
      await sessions.of(request).destroy();
      response.end();
    });
    const server = await listen(app);
    const browser = createBrowser(server.url);
    await browser.get("/login");
    plan.save = "reject";
    const answer = await browser.get("/logout");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(answer.headers.getSetCookie()[0]).toContain("Max-Age=0");
    await server.close();
  });

  it("answers with the page that onError renders, which Express 5 does in the next tick", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = express();
    app.engine("json", (_path, _options, done) => done(null, "<p>Load the form again.</p>"));
    app.set("view engine", "json").set("views", fileURLToPath(new URL("../../..", import.meta.url)));
    app.use(
      expressSession(sessions, {
        csrf: true,
        onError: (_error, _request, response) => response.render("package"),
      }),
    );
    const server = await listen(app);
    const response = await createBrowser(server.url).get("/", { method: "POST" });
    expect([response.status, await response.text()]).toEqual([403, "<p>Load the form again.</p>"]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    await server.close();
  });

  it("lets Express handle what a handler throws, and saves nothing then", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = express();
    app.use(expressSession(sessions));
    app.get("/", (request) => {
      sessions.of(request).theme = "lost";
      throw Object.assign(new Error("teapot"), { status: 418 });
    });
    app.get("/after", (request, response) => {
      sessions.of(request).theme = "kept";
      response.send("sent");
      throw new Error("after the answer");
    });
    const server = await listen(app);
    expect((await createBrowser(server.url).get("/")).status).toBe(418);
    const after = await createBrowser(server.url).get("/after");
    expect(await after.text()).toBe("sent");
    expect(after.headers.getSetCookie()).toHaveLength(1);
    await server.close();
  });
});
