import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openSessions } from "../../../runtime/index.js";
import { shopKind } from "../../suites/shop-kind.js";

/** As generated checks are, it lets pass what it does not know. */
const kind = { ...shopKind, checkWire: () => [], tenancy: { maxSessions: 1 } };

const bag = { cookie: { originalMaxAge: null }, userId: 1 };

it("a store of one tenant reads, counts and clears its own, and keeps to its limit", async () => {
  const backend = createMemoryBackend();
  const sessions = openSessions(kind, { backend }, () => backend);
  const [a, b] = [expressStore(sessions.forTenant("a")), expressStore(sessions.forTenant("b"))];
  const get = (store: typeof a, sid: string) =>
    new Promise((resolve) => store.get(sid, (_error, session) => resolve(session)));
  const set = (store: typeof a, sid: string) =>
    new Promise((resolve) => store.set(sid, bag, (error) => resolve(error)));
  const lengthOf = (store: typeof a) =>
    new Promise((resolve) => store.length?.((_error, length) => resolve(length)));
  expect([await set(a, "one"), await set(b, "two")]).toEqual([null, null]);
  expect(await Promise.all([get(a, "one"), get(b, "one"), get(a, "two")])).toEqual([
    expect.objectContaining({ userId: 1 }),
    null,
    null,
  ]);
  expect(await set(a, "three")).toMatchObject({ code: "limit" });
  expect(await set(a, "one")).toBeNull();
  await new Promise((resolve) => a.clear?.(resolve));
  expect([await lengthOf(a), await lengthOf(b)]).toEqual([0, 1]);
  expect(() => expressStore(sessions)).toThrow(expect.objectContaining({ code: "config" }));
});
