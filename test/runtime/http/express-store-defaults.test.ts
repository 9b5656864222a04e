import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { type ExpressStore, expressStore } from "../../../runtime/http/express-store.js";
import { openSessions } from "../../../runtime/index.js";
import { shopKind } from "../../suites/shop-kind.js";

const prefs = {
  kind: { object: { language: { kind: "string", default: "en" }, size: { kind: "integer" } } },
} as const;

/** As generated checks are, it lets pass what it does not know. */
const kind = {
  ...shopKind,
  shape: { ...shopKind.shape, theme: { kind: "string", default: "light" }, prefs } as const,
  merge: { theme: "reject", prefs: "reject" } as const,
  checkWire: () => [],
};

const bag = { cookie: { originalMaxAge: null } };

function open(): ExpressStore {
  const backend = createMemoryBackend();
  return expressStore(openSessions(kind, { backend }, () => backend));
}

function set(store: ExpressStore, data: object): Promise<unknown> {
  return new Promise((resolve) =>
    store.set("sid", data as never, (error?: unknown) => resolve(error ?? null)),
  );
}

function get(store: ExpressStore): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    store.get("sid", (error: unknown, found?: unknown) =>
      error ? reject(error) : resolve(found as Record<string, unknown>),
    );
  });
}

test("a default that was shown is no change of another request", async () => {
  const store = open();
  await set(store, { ...bag, prefs: { size: 1 } });
  const shown = await get(store);
  expect([shown["theme"], shown["prefs"]]).toEqual(["light", { language: "en", size: 1 }]);
  const changed = Object.assign(shown, { theme: "dark", prefs: { language: "en", size: 2 } });
  expect(await set(store, changed)).toBeNull();
  expect(await get(store)).toMatchObject({ theme: "dark", prefs: { language: "en", size: 2 } });
});

test("what another request has made of a field that forbids merging is not overwritten", async () => {
  const store = open();
  await set(store, bag);
  const [one, other] = [await get(store), await get(store)];
  expect(await set(store, Object.assign(one, { theme: "dark" }))).toBeNull();
  expect(await set(store, Object.assign(other, { theme: "blue" }))).toMatchObject({ code: "conflict" });
});
