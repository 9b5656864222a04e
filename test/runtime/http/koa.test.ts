import { Readable } from "node:stream";
import Koa from "koa";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { koaSession } from "../../../runtime/http/koa.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { testAdapterOnMemory, testFurtherAdapter } from "../../suites/adapter-backends.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { koa2Adapter, koaAdapter } from "../../suites/koa-adapters.js";
import { listen } from "../../suites/listen.js";
import { openShop } from "../../suites/shop-kind.js";

testFurtherAdapter(koaAdapter);
testAdapterOnMemory(koa2Adapter, { rounds: 20 });

describe("koaSession", () => {
  it("puts the session on the context, where nothing can take its place, and knows it by any of its requests", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = new Koa();
    app.use(koaSession(sessions));
    app.use((ctx) => {
      const session = Reflect.get(ctx, "session");
      expect([sessions.of(ctx), sessions.of(ctx.request), sessions.of(ctx.req)]).toEqual(
        Array(3).fill(session),
      );
      expect(() => Reflect.set(ctx, "session", null)).toThrow(TypeError);
      ctx.body = "fine";
    });
    const server = await listen(app.callback());
    expect(await (await createBrowser(server.url).get("/")).text()).toBe("fine");
    await server.close();
  });

  it("lets the middleware around it answer what a handler throws, and saves nothing then", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next().catch((error: Error) => {
        ctx.status = 503;
        ctx.body = error.message;
      });
    });
    app.use(koaSession(sessions));
    app.use((ctx) => {
      sessions.of(ctx).theme = "lost";
      throw new Error("caught outside");
    });
    const server = await listen(app.callback());
    const response = await createBrowser(server.url).get("/");
    expect([response.status, await response.text()]).toEqual([503, "caught outside"]);
    expect(response.headers.getSetCookie()).toEqual([]);
    await server.close();
  });

  it("sends a page that onError puts in the body as a stream", async () => {
    const sessions = openShop(failingBackend(createMemoryBackend(), { create: "reject" }));
    const app = new Koa();
    app.use(
      koaSession(sessions, {
        onError: (_error, _request, response) => {
          response.type = "html";
          response.body = Readable.from(["<p>", "later", "</p>"]);
        },
      }),
    );
    app.use((ctx) => {
      sessions.of(ctx).theme = "dark";
      ctx.body = "fine";
    });
    const server = await listen(app.callback());
    const response = await createBrowser(server.url).get("/");
    expect([response.status, await response.text()]).toEqual([503, "<p>later</p>"]);
    expect(response.headers.get("content-type")).toContain("text/html");
    await server.close();
  });

  it.each([
    ["load", "/read"],
    ["create", "/write"],
  ] as const)("sends what onError puts in the body when the session fails: %s", async (method, path) => {
    const plan: FailingPlan = {};
    const sessions = openShop(failingBackend(createMemoryBackend(), plan));
    const app = new Koa();
    app.use(
      koaSession(sessions, {
        onError: (_error, _request, response) => {
          response.body = { error: "later" };
        },
      }),
    );
    app.use((ctx) => {
      if (ctx.path === "/write") sessions.of(ctx).theme = "dark";
      ctx.body = "fine";
    });
    const server = await listen(app.callback());
    plan[method] = "reject";
    const response = await createBrowser(server.url).get(path, {
      headers: { cookie: `__Host-session=${"x".repeat(43)}` },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual({ error: "later" });
    await server.close();
  });
});
