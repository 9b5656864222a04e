import { createServer } from "node:http";
import express from "express";
import fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressSession } from "../../../runtime/http/express.js";
import { fastifySession } from "../../../runtime/http/fastify.js";
import { nodeSession } from "../../../runtime/http/node.js";
import type { TenancyOptions } from "../../../runtime/index.js";
import { type Browser, createBrowser } from "../../suites/adapter-client.js";
import type { ShopOptions, ShopRoute } from "../../suites/adapter-shop.js";
import { expressAdapter, fastifyAdapter, nodeAdapter } from "../../suites/adapters.js";
import { openShop } from "../../suites/shop-kind.js";
import { openTenants, type TenantShop } from "../../suites/tenant-shop.js";

const routes: Readonly<Record<string, ShopRoute>> = {
  "/login": ({ session, reply }) => {
    session.userId = 42;
    return reply(200, "hello");
  },
  "/read": ({ session, reply }) => reply(200, String(session.userId)),
  "/logout": async ({ session, reply }) => {
    await session.destroy();
    return reply(200, "bye");
  },
};

/** `a` of `a.shop.test`, as the proxy in front passes it on. */
const bySubdomain: ShopOptions = {
  tenant: ({ headers }) => {
    const host = "x-forwarded-host" in headers ? String(headers["x-forwarded-host"]) : "";
    if (host === "nowhere.test") throw new Error("no such shop");
    return host.split(".shop.test")[0] ?? "";
  },
};

const later: (() => Promise<void>)[] = [];
beforeEach(() => void vi.spyOn(process, "emitWarning").mockReturnValue());
afterEach(async () => {
  for (const close of later.splice(0)) await close();
  vi.restoreAllMocks();
});

describe.each([expressAdapter, fastifyAdapter, nodeAdapter])("tenants by subdomain over $name", (adapter) => {
  const start = async (tenancy: TenancyOptions, options: ShopOptions = bySubdomain) => {
    const sessions = openTenants(createMemoryBackend(), tenancy);
    const { url, close } = await adapter.start(
      sessions,
      (path) => routes[path] ?? (({ reply }) => reply(404, "")),
      options,
    );
    later.push(close);
    return { sessions, browse: (host: string) => browserOf(url, host) };
  };

  it("has a session open where it was made, and nowhere else", async () => {
    const { sessions, browse } = await start({});
    const [a, b] = [browse("a.shop.test"), browse("b.shop.test")];
    expect(await a("/login")).toBe("200 hello");
    b.cookies.set("__Host-session", a.cookies.get("__Host-session") ?? "");
    expect([await a("/read"), await b("/read")]).toEqual(["200 42", "200 undefined"]);
    expect(await b("/logout")).toBe("200 bye");
    expect(await a("/read")).toBe("200 42");
    expect(await counts(sessions, "a", "b")).toEqual([1, 0]);
    expect(await a("/logout")).toBe("200 bye");
    expect(await counts(sessions, "a", "b")).toEqual([0, 0]);
  });

  it("ends the sessions of one tenant, and of nobody else", async () => {
    const { sessions, browse } = await start({});
    const browsers = ["a", "a", "b"].map((tenant) => browse(`${tenant}.shop.test`));
    for (const visit of browsers) await visit("/login");
    expect(await sessions.forTenant("a").revokeAll()).toBe(2);
    const read = await Promise.all(browsers.map((visit) => visit("/read")));
    expect(read).toEqual(["200 undefined", "200 undefined", "200 42"]);
  });

  it("refuses a login above the limit, without a cookie, until somebody leaves; whom it has, goes on", async () => {
    const { browse } = await start({ maxSessions: 1 });
    const [first, second, other] = ["a", "a", "b"].map((tenant) => browse(`${tenant}.shop.test`));
    if (!first || !second || !other) throw new Error("there are three");
    expect([await first("/login"), await second("/login")]).toEqual([
      "200 hello",
      "500 Internal Server Error\n",
    ]);
    expect(second.cookies.size).toBe(0);
    expect([await first("/login"), await first("/read"), await other("/login")]).toEqual([
      "200 hello",
      "200 42",
      "200 hello",
    ]);
    await first("/logout");
    expect(await second("/login")).toBe("200 hello");
  });

  it("tells onError of a tenant that has no room, and lets it answer", async () => {
    const errors: unknown[] = [];
    const { browse } = await start(
      { maxSessions: 1 },
      { ...bySubdomain, onError: (error) => void errors.push(error) },
    );
    for (let visitor = 0; visitor < 2; visitor += 1) await browse("a.shop.test")("/login");
    expect(errors).toEqual([expect.objectContaining({ code: "limit", details: { max: 1 } })]);
  });

  it("gives the oldest's user a new session where the oldest goes", async () => {
    const { browse } = await start({ maxSessions: 1, onLimit: "oldest" });
    const [oldest, newest] = [browse("a.shop.test"), browse("a.shop.test")];
    for (const visit of [oldest, newest]) expect(await visit("/login")).toBe("200 hello");
    expect([await oldest("/read"), await newest("/read")]).toEqual(["200 undefined", "200 42"]);
    expect(await oldest("/login")).toBe("200 hello");
    expect(await newest("/read")).toBe("200 undefined");
  });

  it("answers a request whose tenant is not known with 500, strict or not, and tells onError", async () => {
    for (const strict of [true, false]) {
      const errors: unknown[] = [];
      const onError = (error: unknown): void => void errors.push(error);
      const { browse } = await start({ strict }, { ...bySubdomain, onError });
      for (const host of ["nowhere.test", ".shop.test"]) expect(await browse(host)("/read")).toMatch(/^500 /);
      expect(errors).toMatchObject([{ message: "no such shop" }, { code: "invalid" }]);
    }
  });

  it("warns of it without the error's own words where there is no onError, and says where to look", async () => {
    const { browse } = await start({}, bySubdomain);
    expect(await browse("nowhere.test")("/read")).toMatch(/^500 /);
    const [[warning] = []] = vi.mocked(process.emitWarning).mock.calls;
    expect(warning).toMatch(/option of the adapter such as tenant, failed: Error\..* onError/);
    expect(warning).not.toContain("no such shop");
  });

  it("is not started where the tenants are strict and nobody tells one, and says what to write", async () => {
    await expect(start({}, {})).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("{ tenant: (request) => tenantOf(request) }"),
    });
    const { browse: browseAll } = await start({ strict: false }, {});
    expect(await browseAll("a.shop.test")("/login")).toBe("200 hello");
  });

  it("is not started with tenants that the schema does not have", async () => {
    const starting = async () => adapter.start(openShop(createMemoryBackend()), () => () => {}, bySubdomain);
    await expect(starting()).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("tenancy"),
    });
  });
});

it("names the request of the framework, for the app to tell the tenant by", async () => {
  const sessions = openTenants(createMemoryBackend());
  const app = express();
  app.get("/of/:tenant", expressSession(sessions, { tenant: (request) => String(request.params["tenant"]) }));
  app.use((_request, response) => response.end("fine"));
  const other = fastify();
  await other.register(fastifySession, { sessions, tenant: (request) => request.hostname });
  const plain = nodeSession(sessions, (_request, response) => response.end("fine"), {
    tenant: (request) => request.headers["x-tenant"]?.toString() ?? "none",
  });
  other.get("/", async (request) => sessions.of(request).isNew);
  expect((await other.inject("/")).body).toBe("true");
  for (const [listener, path] of [
    [app, "/of/acme"],
    [plain, "/"],
  ] as const) {
    const server = createServer(listener).listen(0, "127.0.0.1");
    later.push(async () => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = address === null || typeof address === "string" ? 0 : address.port;
    expect(await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).toBe("fine");
  }
  await other.close();
});

interface Visitor {
  (path: string): Promise<string>;
  readonly cookies: Browser["cookies"];
}

/** A browser of this host; what it is answered, as status and body. */
function browserOf(url: string, host: string): Visitor {
  const browser = createBrowser(url);
  const visit = async (path: string): Promise<string> => {
    const answer = await browser.get(path, { headers: { "x-forwarded-host": host } });
    return `${answer.status} ${await answer.text()}`;
  };
  return Object.assign(visit, { cookies: browser.cookies });
}

function counts(sessions: TenantShop, ...tenants: readonly string[]): Promise<readonly number[]> {
  return Promise.all(tenants.map((tenant) => sessions.forTenant(tenant).count()));
}
