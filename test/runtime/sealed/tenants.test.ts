import { describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSealedSessions, type TenancyOptions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import type { SealedRecord, SessionSeal } from "../../../runtime/types/seal.js";
import { shopKind } from "../../suites/shop-kind.js";
import { hostileTenants, storedIn } from "../../suites/tenant-shop.js";

const keys = randomText(32);
const seals: readonly (readonly [string, (cookieName: string) => SessionSeal])[] = [
  ["cookie", (cookieName) => createCookieBackend({ keys, cookieName })],
  ["jwt", (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName })],
];

const kindOf = (tenancy: TenancyOptions) => ({ ...shopKind, indexes: [], merge: {}, tenancy });
const options = { clock: fakeClock(), logger: { warn: () => undefined } };

describe.each(seals)("tenants whose sessions are in a %s", (_what, createSeal) => {
  const open = (tenancy: TenancyOptions = {}) => openSealedSessions(kindOf(tenancy), options, createSeal);
  const openRevocable = (revocation = createMemoryBackend(options)) =>
    openSealedSessions(kindOf({}), options, createSeal, () => ({ ...revocation, place: randomText(6) }));

  it("open each its own, by whatever names", async () => {
    const sessions = open();
    const ids = [...new Set(hostileTenants)];
    const tokens = await Promise.all(ids.map((id) => storedIn(sessions.forTenant(id))));
    for (const [at, id] of ids.entries()) {
      const tenant = sessions.forTenant(id);
      expect(await tenant.load(tokens[at] ?? "")).toMatchObject({ userId: 1 });
      const others = tokens.filter((_, other) => other !== at);
      expect(await Promise.all(others.map((token) => tenant.load(token)))).toEqual(others.map(() => null));
    }
  });

  it("open nothing of no tenant's, nor does anyone else open theirs", async () => {
    const sessions = open({ strict: false });
    const without = openSealedSessions({ ...shopKind, indexes: [], merge: {} }, options, createSeal);
    const tokens = [sessions.forTenant("a"), sessions, without].map((place) => storedIn(place));
    const [own = "", theirs = "", plain = ""] = await Promise.all(tokens);
    for (const token of [theirs, plain]) {
      expect([await sessions.forTenant("a").load(token), (await sessions.load(token))?.userId]).toEqual([
        null,
        1,
      ]);
    }
    expect([await sessions.load(own), await without.load(own)]).toEqual([null, null]);
  });

  it("are named in the token, which tells the plain handle", async () => {
    const session = open().forTenant("Acme").create({ userId: 1 });
    const record: SealedRecord | null = await createSeal("__Host-session").open(
      await session.ensureKey(),
      options.clock(),
    );
    expect(record).toMatchObject({ tenant: "=41cme", id: session.handle });
    expect(session.handle).toMatch(/^[\w-]{43}$/);
  });

  it("are to be named first", async () => {
    const sessions = openRevocable();
    for (const call of [() => sessions.create(), () => sessions.load("x"), () => sessions.fromCookie("")]) {
      await expect((async () => call())()).rejects.toMatchObject({ code: "config" });
    }
    await expect(sessions.revoke({ handle: "x".repeat(43) })).rejects.toMatchObject({ code: "config" });
    await expect(sessions.delete("x")).rejects.toMatchObject({ code: "config" });
  });

  it("end their own, and cannot end another's by its handle or its key", async () => {
    const sessions = openRevocable();
    const [a, b] = [sessions.forTenant("a"), sessions.forTenant("b")];
    const session = a.create({ userId: 1 });
    await session.save();
    const [token, handle] = [session.key ?? "", session.handle ?? ""];
    expect(await b.delete(token)).toBe(false);
    // Nobody knows whom a handle is of, so that one counts as ended; it is the other's that is not.
    await b.revoke({ handle });
    expect(await a.load(token)).toMatchObject({ userId: 1 });
    await session.cycleKey();
    expect([await a.exists(token), await a.exists(session.key ?? "")]).toEqual([false, true]);
    expect(await a.revoke({ handle: session.handle ?? "" })).toBe(1);
    expect(await a.exists(session.key ?? "")).toBe(false);
  });

  it("are kept apart in a backend that stands in for it", async () => {
    const backend = createMemoryBackend(options);
    const sessions = openSealedSessions(kindOf({}), { ...options, backend }, createSeal, () =>
      createMemoryBackend(),
    );
    const session = sessions.forTenant("a").create({ userId: 1 });
    await session.save();
    const [key, handle] = [session.key ?? "", session.handle ?? ""];
    expect(await backend.exists(`tenant:a:session:${handle}`)).toBe(true);
    expect(await sessions.forTenant("b").load(key)).toBeNull();
    expect(await sessions.forTenant("b").revoke({ handle })).toBe(0);
    await expect(sessions.revoke({ handle })).rejects.toMatchObject({ code: "config" });
    expect(await sessions.forTenant("a").revoke({ handle })).toBe(1);
  });

  it("cannot be counted", () => {
    expect(() => open({ maxSessions: 10 })).toThrow(expect.objectContaining({ code: "config" }));
  });
});
