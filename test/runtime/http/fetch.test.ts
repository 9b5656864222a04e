import { describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fetchSession } from "../../../runtime/http/fetch.js";
import { createTestSession, type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { testAdapterOnEveryBackend } from "../../suites/adapter-backends.js";
import { fetchAdapter } from "../../suites/fetch-adapters.js";
import { openShop } from "../../suites/shop-kind.js";

testAdapterOnEveryBackend(fetchAdapter);

const url = "http://localhost/";

describe("fetchSession", () => {
  it("leaves a response that the app gives to everybody as it is", async () => {
    const sessions = openShop(createMemoryBackend());
    const shared = new Response(null, { status: 204 });
    const handle = fetchSession(sessions, (_request, session) => {
      session.theme = "dark";
      return shared;
    });
    const [one, two] = [await handle(new Request(url)), await handle(new Request(url))];
    expect(one.headers.getSetCookie()).toHaveLength(1);
    expect(one.headers.getSetCookie()).not.toEqual(two.headers.getSetCookie());
    expect([...shared.headers]).toEqual([]);
  });

  it("gives a response whose body can be read, cloned and cancelled", async () => {
    const sessions = openShop(createMemoryBackend());
    let cancelled: unknown;
    const endless = (): ReadableStream =>
      new ReadableStream({
        pull: (controller) =>
          new Promise((resolve) => setImmediate(resolve)).then(() => controller.enqueue(new Uint8Array(9))),
        cancel: (reason) => {
          cancelled = reason;
        },
      });
    const handle = fetchSession(sessions, ({ url: path }) => new Response(path === url ? "text" : endless()));
    const response = await handle(new Request(url));
    expect([await response.clone().text(), await response.text()]).toEqual(["text", "text"]);
    const reader = (await handle(new Request(`${url}endless`))).body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(9);
    await reader?.cancel("enough");
    expect(cancelled).toBe("enough");
  });

  it("passes on what the platform gives besides the request", async () => {
    const sessions = openShop(createMemoryBackend());
    const handle = fetchSession(
      sessions,
      (_request, _session, env: { readonly name: string }) => new Response(env.name),
    );
    expect(await (await handle(new Request(url), { name: "worker" })).text()).toBe("worker");
  });

  it("answers 500 for a handler that gives nothing, and what onError returns instead", async () => {
    const sessions = openShop(createMemoryBackend());
    const nothing = (): Response => JSON.parse("null");
    const errors: unknown[] = [];
    const handle = fetchSession(sessions, nothing, {
      onError: (error, _request, response) => {
        errors.push(error);
        expect(response.status).toBe(500);
        return Response.json({ sorry: true }, { status: 502 });
      },
    });
    const response = await handle(new Request(url));
    expect([response.status, await response.json()]).toEqual([502, { sorry: true }]);
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it("stores nothing when the handler gives what no client can be sent, an error of fetch", async () => {
    const sessions = openShop(createMemoryBackend());
    const { session, cookie } = await createTestSession(sessions, { theme: "light" });
    const handle = fetchSession(sessions, (_request, opened) => {
      opened.theme = "dark";
      return Response.error();
    });
    expect((await handle(new Request(url, { headers: { cookie } }))).status).toBe(500);
    expect((await sessions.load(session.key ?? ""))?.theme).toBe("light");
  });

  it("answers when onError gives one response again and again, and takes the cookie back all the same", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
    const plan: FailingPlan = {};
    const sessions = openShop(failingBackend(createMemoryBackend(), plan));
    const page = new Response("sorry", { status: 503 });
    const handle = fetchSession(sessions, (_request, session) => session.destroy().then(() => page), {
      onError: () => page,
    });
    for (const expected of ["sorry", "Service Unavailable\n"]) {
      plan.save = plan.delete = "pass";
      const { cookie } = await createTestSession(sessions, { userId: 42 });
      plan.save = plan.delete = "reject";
      const response = await handle(new Request(url, { headers: { cookie } }));
      expect([response.status, await response.text()]).toEqual([503, expected]);
      expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("Max-Age=0")]);
    }
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });
});
