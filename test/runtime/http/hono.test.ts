import { Hono } from "hono";
import { streamText } from "hono/streaming";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { honoSession } from "../../../runtime/http/hono.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { testFurtherAdapter } from "../../suites/adapter-backends.js";
import { honoAdapter } from "../../suites/fetch-adapters.js";
import { openShop } from "../../suites/shop-kind.js";

testFurtherAdapter(honoAdapter);

describe("honoSession", () => {
  it("puts the session in the context, and knows it by the context and by its request", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = new Hono();
    app.use(honoSession(sessions));
    app.get("/", (c) => {
      const session: unknown = Reflect.get(c.var, "session");
      expect([sessions.of(c), sessions.of(c.req.raw)]).toEqual([session, session]);
      return c.text("fine");
    });
    expect(await (await app.request("/")).text()).toBe("fine");
  });

  it("lets Hono answer what a handler throws, with the status of a session's failure", async () => {
    const plan: FailingPlan = {};
    const sessions = openShop(failingBackend(createMemoryBackend(), plan));
    const app = new Hono();
    app.use(honoSession(sessions));
    app.onError((error, c) => c.json({ sorry: error.name }, 500));
    app.get("/save", async (c) => {
      sessions.of(c).theme = "dark";
      await sessions.of(c).save();
      return c.text("saved");
    });
    app.get("/throws", (c) => {
      sessions.of(c).theme = "lost";
      throw new TypeError("a fault");
    });
    plan.create = "reject";
    const response = await app.request("/save");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await response.json()).toEqual({ sorry: "SessionError" });
    plan.create = "pass";
    const thrown = await app.request("/throws");
    expect([thrown.status, await thrown.json()]).toEqual([500, { sorry: "TypeError" }]);
    expect(thrown.headers.getSetCookie()).toEqual([]);
  });

  it("answers with what onError returns", async () => {
    const plan: FailingPlan = { load: "reject" };
    const sessions = openShop(failingBackend(createMemoryBackend(), plan));
    const app = new Hono();
    app.use(honoSession(sessions, { onError: (_error, c) => c.json({ path: c.req.path }, 503) }));
    const headers = { cookie: `__Host-session=${"x".repeat(43)}` };
    const response = await app.request("/page", { headers });
    expect([response.status, await response.json()]).toEqual([503, { path: "/page" }]);
  });

  it("sends a stream that is over at once without Transfer-Encoding, as servers give bytes a length", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = new Hono();
    app.use(honoSession(sessions));
    app.get("/", (c) =>
      streamText(c, async (stream) => void (await stream.write(sessions.of(c).theme ?? "over"))),
    );
    const response = await app.request("/");
    expect([response.headers.get("transfer-encoding"), await response.text()]).toEqual([null, "over"]);
  });
});
