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

it("a store of the sessions without a tenant counts and clears those, and no tenant's", async () => {
  const backend = createMemoryBackend();
  const sessions = openSessions({ ...kind, tenancy: { strict: false } }, { backend }, () => backend);
  const tenant = sessions.forTenant("a");
  await tenant.create({ userId: 1 }).save();
  const store = expressStore(sessions);
  const lengthOf = () => new Promise((resolve) => store.length?.((_error, length) => resolve(length)));
  await new Promise((resolve) => store.set("one", bag, resolve));
  expect(await lengthOf()).toBe(1);
  await new Promise((resolve) => store.clear?.(resolve));
  const left = await backend.abilities.scan.scan({ limit: 10 });
  expect([await lengthOf(), left.records.map((record) => record.tenant)]).toEqual([0, ["a"]]);
});
