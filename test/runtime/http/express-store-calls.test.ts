import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import session, { MemoryStore, type Store } from "express-session";
import { describe, expect, test } from "vitest";
import {
  createMemoryBackend as createPlace,
  type MemoryAbilities,
} from "../../../runtime/backends/memory.js";
import { expressStore, expressStoreBackend, type ForeignStore } from "../../../runtime/http/express-store.js";
import { openSessions } from "../../../runtime/index.js";
import { type ShopData, type ShopSession, shopKind } from "../../suites/shop-kind.js";
import { openOver } from "../fixture/open.js";
import { sessionOf, start } from "./express-session-app.js";

const memory = () => createMemoryBackend({ clock: () => 0 });
const bag = { cookie: { originalMaxAge: null }, member: 1 };

/** What a method of a store calls back with, which has to be once. */
async function called(start: (done: (error?: unknown, value?: unknown) => void) => void): Promise<unknown[]> {
  const calls: unknown[][] = [];
  await new Promise<void>((resolve) =>
    start((...values) => {
      calls.push(values);
      resolve();
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toHaveLength(1);
  return calls[0] ?? [];
}

describe("load, before there was any request", () => {
  const loaded = async (store: Store, options: Partial<session.SessionOptions>): Promise<unknown[]> => {
    session({ secret: "s", resave: false, saveUninitialized: false, store, ...options });
    await called((done) => store.set("sid", bag as never, done));
    return called((done) => (store as unknown as { load: ForeignStore["get"] }).load("sid", done));
  };

  test.each<[string, Partial<session.SessionOptions>]>([
    ["proxy", { proxy: true, cookie: { secure: "auto" } }],
    ["genid", { genid: ({ headers }) => `id-${headers["x-id"]}` }],
  ])("has a session where express-session reads its requests for %s", async (_, options) => {
    for (const store of [new MemoryStore(), expressStore(openOver(memory()).sessions)]) {
      const [error, found] = await loaded(store, options);
      expect(error ?? null).toBeNull();
      expect(found).toMatchObject({ member: 1, id: "sid" });
    }
  });

  test("calls back with an error where express-session cannot do without a request", async () => {
    const [error] = await loaded(expressStore(openOver(memory()).sessions), {
      genid: (request) => request.get("x-id") ?? "none",
    });
    expect(error).toMatchObject({ code: "config", message: expect.stringContaining("genid") });
  });
});

test("what JSON cannot hold is refused by name", async () => {
  const { sessions } = openOver(memory());
  const circle: { self?: object } = {};
  circle.self = circle;
  for (const basket of [1n, circle]) {
    const [error] = await called((done) => expressStore(sessions).set("sid", { ...bag, basket }, done));
    expect(error).toMatchObject({ code: "invalid", message: expect.stringContaining('"basket"') });
  }
  expect(await sessions.count()).toBe(0);
});

test("a field that express-session has a member of that name for is refused, and not lost", async () => {
  const kind = {
    ...shopKind,
    shape: { ...shopKind.shape, id: { kind: "integer" } },
    checkWire: () => [],
  } as const;
  const place = createPlace({ clock: () => 0 });
  const opened = openSessions<ShopSession, Pick<ShopData, "userId">, MemoryAbilities>(
    kind,
    { backend: place },
    () => place,
  );
  const store = expressStore(opened);
  const browser = await start(
    {
      "/": (request, response) => {
        sessionOf(request)["member1"] = 1;
        response.end();
      },
    },
    { sessions: opened as never },
    { store },
  );
  await browser.get("/");
  expect(await browser.get("/")).toMatchObject({ status: 500, text: "config" });
});

test("a write that another library's store has no folder for has failed, and is no absence", async () => {
  const absent = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", syscall: "open" });
  const backend = expressStoreBackend({
    get: (_sid, done) => done(absent),
    set: (_sid, _session, done) => done(absent),
    destroy: (_sid, done) => done(absent),
  });
  expect(await backend.load("one")).toBeNull();
  expect(await backend.delete("one")).toBe(false);
  const place = { id: "other", tenant: null, header: "1;json;-;-;x", indexed: {}, writeId: "w" };
  const record = {
    ...place,
    data: new Uint8Array(2),
    revision: 1,
    createdAt: 0,
    expiresAt: Date.now() + 1e6,
  };
  await expect(backend.create(record)).rejects.toMatchObject({ code: "unavailable" });
});
