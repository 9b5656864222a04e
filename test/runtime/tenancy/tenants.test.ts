import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import type { TenancyOptions } from "../../../runtime/index.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { openTenants, storedIn, type TenantShop } from "../../suites/tenant-shop.js";

async function handlesOf(list: AsyncIterable<{ readonly handle: string }>): Promise<readonly string[]> {
  const handles: string[] = [];
  for await (const { handle } of list) handles.push(handle);
  return handles.sort();
}

function openWith(tenancy: TenancyOptions = {}) {
  const clock = fakeClock();
  const backend = createMemoryBackend({ clock });
  return { sessions: openTenants(backend, tenancy, { clock }), backend, clock };
}

const everyFromRoot: readonly (readonly [name: string, call: (sessions: TenantShop) => unknown])[] = [
  ["create", (sessions) => sessions.create()],
  ["load", (sessions) => sessions.load("x".repeat(43))],
  ["open without a key", (sessions) => sessions.open()],
  ["open", (sessions) => sessions.open("x".repeat(43))],
  ["exists", (sessions) => sessions.exists("x")],
  ["delete", (sessions) => sessions.delete("x".repeat(43))],
  ["fromCookie without a cookie", (sessions) => sessions.fromCookie(undefined)],
  ["fromCookie", (sessions) => sessions.fromCookie(`__Host-session=${"x".repeat(43)}`)],
  ["find", (sessions) => sessions.find({ userId: 1 })],
  ["count of all", (sessions) => sessions.count()],
  ["count", (sessions) => sessions.count({ userId: 1 })],
  ["revoke", (sessions) => sessions.revoke({ userId: 1 })],
];

describe("a kind of several tenants", () => {
  it.each(everyFromRoot)("refuses a call without a tenant: %s", async (_name, call) => {
    const { sessions } = openWith();
    await storedIn(sessions.forTenant("a"));
    await expect((async () => call(sessions))()).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("forTenant(id)"),
    });
    expect(await sessions.forTenant("a").count()).toBe(1);
  });

  it("keeps what is about everyone: clean-up, the end of all, readiness, requests and sessions at hand", async () => {
    const { sessions, clock } = openWith();
    const [a, b] = [sessions.forTenant("a"), sessions.forTenant("b")];
    const request = {};
    const session = await a.fromCookie(undefined, request);
    session.userId = 1;
    expect(sessions.of(request)).toBe(session);
    expect(await sessions.commit(session)).toContainEqual(["Vary", "Cookie"]);
    await storedIn(b);
    await sessions.ready();
    expect(await sessions.revokeAll()).toBe(2);
    expect([await a.count(), await b.count()]).toEqual([0, 0]);
    await storedIn(a);
    clock.advance("20d");
    expect(await sessions.cleanupExpired()).toBe(1);
  });

  it("gives no tenant the session that a request has of another, or of none", async () => {
    const { sessions } = openWith({ strict: false });
    const [a, b] = [sessions.forTenant("a"), sessions.forTenant("b")];
    const [ofA, ofNobody] = [{}, {}];
    const session = await a.fromCookie(undefined, ofA);
    await sessions.fromCookie(undefined, ofNobody);
    expect([a.of(ofA), sessions.of(ofA)]).toEqual([session, session]);
    const refusal = { code: "config", message: expect.stringContaining("another tenant") };
    expect(() => b.of(ofA)).toThrow(expect.objectContaining(refusal));
    expect(() => b.of(ofNobody)).toThrow(expect.objectContaining(refusal));
  });

  it("may have sessions of no tenant too, which its tenants do not see, nor they them", async () => {
    const { sessions } = openWith({ strict: false });
    const a = sessions.forTenant("a");
    const [own, theirs] = [await storedIn(sessions), await storedIn(a)];
    expect(await Promise.all([sessions.load(theirs), a.load(own)])).toEqual([null, null]);
    expect(await Promise.all([sessions.count(), sessions.count({ userId: 1 }), a.count()])).toEqual([
      1, 1, 1,
    ]);
    expect(await sessions.revoke({ userId: 1 })).toBe(1);
    expect(await a.exists(theirs)).toBe(true);
    await storedIn(sessions);
    expect(await a.revokeAll()).toBe(1);
    expect(await sessions.count()).toBe(1);
  });

  it("stores a session under the tenant and its handle, and shows the handle", async () => {
    const { sessions, backend } = openWith();
    const session = sessions.forTenant("acme").create({ userId: 1 });
    await session.save();
    expect(session.handle).toMatch(/^[\w-]{43}$/);
    expect(await backend.load(`tenant:acme:session:${session.handle}`)).toMatchObject({ tenant: "acme" });
    const own = openTenants(backend, { prefix: "{tenantId}/" });
    const other = own.forTenant("acme").create({ userId: 1 });
    await other.save();
    expect(await backend.exists(`acme/${other.handle}`)).toBe(true);
  });

  it("finds, counts and ends the sessions of one tenant, and touches no other's", async () => {
    const { sessions } = openWith();
    const [a, b] = [sessions.forTenant("a"), sessions.forTenant("a:session:b")];
    const [mine, device] = [a.create({ userId: 1, theme: "dark" }), a.create({ userId: 1 })];
    for (const session of [mine, device]) await session.save();
    const theirs = b.create({ userId: 1 });
    await theirs.save();
    expect(await handlesOf(a.find({ userId: 1 }))).toEqual([mine.handle, device.handle].sort());
    for await (const summary of a.list()) {
      const { createdAt, expiresAt } = summary.handle === mine.handle ? mine : device;
      expect(summary).toMatchObject({ createdAt, expiresAt, data: { userId: 1, visits: 0 } });
    }
    expect(await a.revoke({ handle: theirs.handle ?? "" })).toBe(0);
    expect(await handlesOf(a.find({ handle: theirs.handle ?? "" }))).toEqual([]);
    expect(await a.delete(theirs.key ?? "")).toBe(false);
    expect(await a.revoke({ userId: 1 }, { except: device })).toBe(1);
    expect(await handlesOf(a.list())).toEqual([device.handle]);
    expect(await a.revoke({ handle: device.handle ?? "" })).toBe(1);
    expect([await a.count(), await b.count()]).toEqual([0, 1]);
    expect(await b.load(theirs.key ?? "")).toMatchObject({ userId: 1 });
  });

  it("follows a handle of a session whose key has changed, within its tenant", async () => {
    const { sessions } = openWith();
    const a = sessions.forTenant("a");
    const session = a.create({ userId: 1 });
    await session.save();
    const before = session.handle ?? "";
    await session.cycleKey();
    expect(await handlesOf(a.find({ handle: before }))).toEqual([session.handle]);
    expect(await a.revoke({ handle: before })).toBe(1);
    expect(await a.load(session.key ?? "")).toBeNull();
  });

  it("lists no more than a tenant's own when its connections are let go of", async () => {
    const { sessions } = openWith();
    const a = sessions.forTenant("a");
    await a.close();
    await storedIn(sessions.forTenant("b"));
    expect(await a.count()).toBe(0);
  });

  it.each(["", undefined, null, 7, {}, Promise.resolve("a")])("refuses %j as the id of a tenant", (id) => {
    const { sessions } = openWith();
    expect(() => sessions.forTenant(id as string)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it.each<TenancyOptions>([
    { prefix: "tenant:" },
    { prefix: "{tenantId}{tenantId}" },
    { prefix: "*{tenantId}" },
    { prefix: `${"x".repeat(201)}{tenantId}` },
    { maxSessions: 0 },
    { maxSessions: 1.5 },
  ])("refuses %j", (tenancy) => {
    expect(() => openWith(tenancy)).toThrow(expect.objectContaining({ code: "config" }));
  });

  it("is refused a limit where nobody can count", () => {
    const { find, list, scan, sweep } = createMemoryBackend().abilities;
    const backend = { ...createMemoryBackend(), abilities: { find, list, scan, sweep } };
    expect(() => openTenants(backend as never, { maxSessions: 1 })).toThrow(
      expect.objectContaining({ code: "config", message: expect.stringContaining("maxSessions") }),
    );
  });

  it("is not there without tenancy", () => {
    const { sessions } = openWith();
    expect("forTenant" in sessions.forTenant("a")).toBe(false);
    expect("cleanupExpired" in sessions.forTenant("a")).toBe(false);
  });
});
