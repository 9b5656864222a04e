import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { startRedis } from "../servers/redis.js";
import type { TestServer } from "../servers/test-server.js";
import { until } from "../servers/until.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { isNightly } from "../suites/faults/scale.js";
import type { InstalledProject } from "./installed-project.js";
import { bun, deno, type OtherRuntime, versions, workerd } from "./other-runtimes.js";
import { cookieOf, createShop, pathOf, type ShopKind } from "./runtime-shop.js";

const codecs = ["json", "msgpack", "cbor", "protobuf", "bincode"] as const;
const kindsOf = (...backends: readonly ShopKind["backend"][]): readonly ShopKind[] =>
  backends.flatMap((backend) => codecs.map((codec) => ({ backend, codec })));

/** A connection of a worker belongs to one request. */
const runtimes: readonly { readonly runtime: OtherRuntime; readonly kinds: readonly ShopKind[] }[] = [
  { runtime: bun, kinds: kindsOf("memory", "cookie", "redis") },
  { runtime: deno, kinds: kindsOf("memory", "cookie", "redis") },
  { runtime: workerd, kinds: kindsOf("memory", "cookie") },
];

describe.each(isNightly ? runtimes : [])("on $runtime.name", ({ runtime, kinds }) => {
  let redis: TestServer;
  let project: InstalledProject;
  let server: TestServer;
  beforeAll(async () => {
    redis = await startRedis();
    project = await createShop(kinds);
    const SESSION_KEYS = randomBytes(32).toString("base64url");
    server = await runtime.start(project, { SESSION_KEYS, REDIS_URL: redis.url });
  }, 600_000);
  afterAll(async () => {
    await server?.stop();
    project[Symbol.dispose]();
    await redis.stop();
  });

  const cases = ["fetch", "hono"].flatMap((adapter) => kinds.map((kind) => ({ adapter, kind })));
  test.each(cases)("$adapter keeps $kind.codec in $kind.backend", async ({ adapter, kind }) => {
    const visitor = visit(server.url, adapter, kind);
    expect(await visitor.read("read")).toMatchObject({ visits: 0 });
    expect(visitor.browser.cookies.size).toBe(0);

    const guest = await visitor.read("change", "the body");
    expect(guest).toMatchObject({ visits: 1 });
    const before = visitor.cookie();
    expect(await visitor.read("login")).toEqual(user(1));
    expect(visitor.cookie()).not.toBe(before);
    expect(await visitor.read("read")).toEqual(user(1));
    expect(await visitor.with(tampered(visitor.cookie())).read("read")).toMatchObject({ visits: 0 });
    // A seal is good until it ends; of a record the former key is worth nothing.
    expect(await visitor.with(before).read("read")).toMatchObject({
      visits: kind.backend === "cookie" ? 1 : 0,
    });

    await visitor.changeTwiceAtOnce();
    expect(await visitor.read("read")).toEqual(user(kind.backend === "cookie" ? 2 : 3));

    const last = visitor.cookie();
    await visitor.read("logout");
    expect(visitor.browser.cookies.size).toBe(0);
    expect(await visitor.read("read")).toMatchObject({ visits: 0 });
    if (kind.backend === "cookie") return;
    expect(await visitor.with(last).read("read")).toMatchObject({ visits: 0 });
    await visitor.read("login");
    expect(await (await fetch(`${server.url}/revoke/${pathOf(kind)}`)).json()).toBe(1);
    expect(await visitor.read("read")).toMatchObject({ visits: 0 });
  });

  test.each(codecs)("%s is written and read five thousand times", async (codec) => {
    const response = await fetch(`${server.url}/storm/memory-${codec}`);
    expect(await response.json()).toBe(5_000);
  });
});

/** What everyone has in their session after the login. */
function user(visits: number): object {
  return {
    ...{ userId: 42, visits, note: "Grüße, 日本, 🛒, and so on, ".repeat(20) },
    ...{ since: "2023-11-14T22:13:20.123Z", total: "1180591620717411303424", token: "AH+A/w==" },
    cart: [
      { sku: "tea", price: 2.5 },
      { sku: "kéttle", price: 19.99 },
    ],
  };
}

interface Visitor {
  readonly browser: Browser;
  /** The value of their cookie. */
  cookie(): string;
  /** Somebody else, who comes with this one. */
  with(cookie: string): Visitor;
  /** The session after an action. */
  read(action: string, body?: BodyInit): Promise<unknown>;
  /** Two changes, each of which has loaded the session before the other is stored. */
  changeTwiceAtOnce(): Promise<void>;
}

function visit(url: string, adapter: string, kind: ShopKind, cookie?: string): Visitor {
  const name = cookieOf(kind);
  const browser = createBrowser(url, cookie === undefined ? [] : [[name, cookie]]);
  const read = async (action: string, body: BodyInit = ""): Promise<unknown> => {
    const init = { method: "POST", body, duplex: "half" };
    const response = await browser.get(`/${adapter}/${pathOf(kind)}/${action}`, init);
    expect(response.status, action).toBe(200);
    return response.json();
  };
  return {
    browser,
    cookie: () => browser.cookies.get(name) ?? "",
    with: (other) => visit(url, adapter, kind, other),
    read,
    changeTwiceAtOnce: async () => {
      const bodies = [new TransformStream(), new TransformStream()];
      const answers = bodies.map(({ readable }) => read("change", readable));
      const writers = bodies.map(({ writable }) => writable.getWriter());
      // With their first bytes the requests leave.
      await Promise.all(writers.map((writer) => writer.write(new TextEncoder().encode("begun"))));
      await until(async () => (await (await fetch(url)).json()) === 2, { what: "both are changing" });
      await Promise.all(writers.map((writer) => writer.close()));
      await Promise.all(answers);
    },
  };
}

function tampered(cookie: string): string {
  const at = Math.floor(cookie.length / 2);
  return `${cookie.slice(0, at)}${cookie[at] === "A" ? "B" : "A"}${cookie.slice(at + 1)}`;
}

test("the page on Request names the versions that are tried", () => {
  const page = readFileSync(join(root, "docs/frameworks/fetch.md"), "utf8");
  expect(page).toContain(`Bun ${versions.bun}, Deno ${versions.deno} and workerd ${versions.workerd}`);
});
