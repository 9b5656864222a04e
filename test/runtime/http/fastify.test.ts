import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fastifySession } from "../../../runtime/http/fastify.js";
import { failingBackend } from "../../../runtime/testing/index.js";
import { testFurtherAdapter } from "../../suites/adapter-backends.js";
import { fastifyAdapter } from "../../suites/adapters.js";
import { openShop } from "../../suites/shop-kind.js";

testFurtherAdapter(fastifyAdapter);

describe("fastifySession", () => {
  it("serves the instance that registers it, under the name of the kind, where nothing can take its place", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = fastify();
    app.register(async (child) => {
      await child.register(fastifySession, { sessions });
      child.get("/inside", async (request) => {
        expect(Reflect.get(request, "session")).toBe(sessions.of(request));
        expect(() => Reflect.set(request, "session", null)).toThrow(TypeError);
        return "inside";
      });
    });
    app.get("/outside", async (request) => `${"session" in request}`);
    expect((await app.inject("/inside")).body).toBe("inside");
    expect((await app.inject("/outside")).body).toBe("false");
    await app.close();
  });

  it("says how it is registered when it gets no sessions", async () => {
    const app = fastify();
    app.register(fastifySession, {} as never);
    await expect(app.ready()).rejects.toThrow("app.register(fastifySession, { sessions })");
  });

  it("sends what onError answers with as what it is: an object as JSON", async () => {
    const sessions = openShop(failingBackend(createMemoryBackend(), { create: "reject", load: "reject" }));
    const app = fastify();
    await app.register(fastifySession, {
      sessions,
      onError: (_error, _request, reply) => reply.send({ error: "later" }),
    });
    app.get("/", async (request) => {
      sessions.of(request).theme = "dark";
      return "<p>";
    });
    for (const cookie of ["", `__Host-session=${"x".repeat(43)}`]) {
      const response = await app.inject({ url: "/", headers: { cookie } });
      expect([response.statusCode, response.json()]).toEqual([503, { error: "later" }]);
      expect(response.headers["content-type"]).toBe("application/json; charset=utf-8");
    }
    await app.close();
  });

  it("goes by the status and the headers of a Response that a handler gives", async () => {
    const backend = createMemoryBackend();
    const sessions = openShop(backend);
    const app = fastify();
    await app.register(fastifySession, { sessions });
    app.get("/:status", async (request) => {
      sessions.of(request).theme = "dark";
      const { status } = request.params as { readonly status: string };
      const headers = new Headers({ "Cache-Control": "public, max-age=60", Vary: "Accept" });
      headers.append("Set-Cookie", "own=1");
      return new Response(status === "204" ? null : "body", { status: Number(status), headers });
    });
    const failed = await app.inject("/500");
    expect([failed.statusCode, failed.body, failed.cookies.map(({ name }) => name)]).toEqual([
      ...[500, "body", ["own"]],
    ]);
    expect(await backend.abilities.scan.scan({ limit: 1 })).toEqual({ records: [] });
    for (const [status, body] of [
      [200, "body"],
      [204, ""],
    ] as const) {
      const { headers, cookies, ...answer } = await app.inject(`/${status}`);
      expect([answer.statusCode, answer.body, headers.vary]).toEqual([status, body, "Accept, Cookie"]);
      expect(headers["cache-control"]).toBe('private, no-cache="Set-Cookie", max-age=60');
      expect(cookies.map(({ name }) => name)).toEqual(["own", "__Host-session"]);
    }
    await app.close();
  });

  it("answers what a handler throws with the status of the failure, through the app's own error handler", async () => {
    const sessions = openShop(createMemoryBackend());
    const app = fastify();
    await app.register(fastifySession, { sessions });
    app.get("/", async (request) => {
      const session = sessions.of(request);
      session.theme = "dark";
      await session.save();
      await sessions.delete(session.key ?? "");
      session.theme = "light";
      await session.save();
    });
    expect((await app.inject("/")).statusCode).toBe(409);
    app.close();
  });
});
