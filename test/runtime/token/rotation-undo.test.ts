import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { describe, expect, test } from "vitest";
import { surround } from "../../../runtime/backends/layer.js";
import { type Crash, crashRotation } from "../../suites/faults/crashed-rotation.js";
import { openTenants, storedIn } from "../../suites/tenant-shop.js";
import { cookieHeader, openOver, openStored, stored } from "../fixture/open.js";

/** Of a login, nothing is left but the last two steps. */
const committed: Crash = { how: "byLogin", step: 2, isDone: false, isDeath: true };

/** Which this version refuses, and another has written. */
const long = "a name that the next version finds too long to be one of its own";

/** A backend that can be told to fail from a step of an undoing on, each of which is a save. */
function dyingInUndo(step: number, isDone: boolean) {
  const plan = { isDying: false };
  let calls = 0;
  const backend = surround(createMemoryBackend(), async (method, call, options) => {
    if (!plan.isDying || method !== "save") return call(options);
    calls += 1;
    if (calls <= step) return call(options);
    if (isDone && calls === step + 1) await call(options);
    throw new Error("crash");
  });
  return { backend, plan };
}

describe("a change of key that is undone", () => {
  const interruptions = [0, 1, 2].flatMap((step) => [true, false].map((isDone) => [step, isDone] as const));

  test.each(interruptions)(
    "and is interrupted in call %i of that (done: %s), is undone by the next request",
    async (step, isDone) => {
      const { backend, plan } = dyingInUndo(step, isDone);
      const { sessions, clock, old, keys, handles } = await crashRotation(backend, committed, 1);
      clock.advance(11);
      plan.isDying = true;
      await expect(sessions.fromCookie(cookieHeader(old))).rejects.toMatchObject({ code: "unavailable" });
      plan.isDying = false;
      expect((await sessions.fromCookie(cookieHeader(old))).toObject()).toMatchObject({
        userId: 1,
        visits: 5,
      });
      for (const key of keys) expect(await sessions.exists(key)).toBe(key === old);
      expect(await sessions.count()).toBe(1);
      for (const handle of handles) await sessions.revoke({ handle });
      expect([await sessions.exists(old), await sessions.count()]).toEqual([false, 0]);
    },
  );

  test.each(interruptions)(
    "and is interrupted in call %i of that (done: %s), can be ended for good",
    async (step, isDone) => {
      for (const how of ["first handle", "last handle", "user", "key", "everyone"] as const) {
        const { backend, plan } = dyingInUndo(step, isDone);
        const { sessions, clock, old, keys, handles } = await crashRotation(backend, committed, 1);
        clock.advance(11);
        plan.isDying = true;
        await expect(sessions.exists(old)).rejects.toMatchObject({ code: "unavailable" });
        plan.isDying = false;
        if (how === "key") expect(await sessions.delete(old)).toBe(true);
        else if (how === "user") expect(await sessions.revoke({ userId: 1 })).toBe(1);
        else if (how === "everyone") await sessions.revokeAll();
        else
          expect(await sessions.revoke({ handle: handles.at(how === "first handle" ? 0 : -1) ?? "" })).toBe(
            1,
          );
        for (const seconds of [0.001, 11, 61, 600]) {
          clock.advance(seconds);
          for (const key of keys) expect([how, await sessions.exists(key)]).toEqual([how, false]);
        }
        expect(await sessions.count()).toBe(0);
      }
    },
  );

  test("keeps what the version that undoes it refuses", async () => {
    const { sessions, backend, clock } = await openStored();
    const old = await stored(sessions, { userId: 1, name: "Ann" });
    const session = await sessions.fromCookie(cookieHeader(old));
    const { records } = await backend.abilities.find.find({ field: "userId", value: 1, limit: 9 });
    const record = records.find(({ id }) => id === session.handle);
    if (record === undefined) throw new Error("there is no such record");
    const parts = record.header.split(";");
    const text = Buffer.from(record.data).toString().replace('"Ann"', JSON.stringify(long));
    const foreign = { ...record, header: parts.with(4, "another").join(";"), data: Buffer.from(text) };
    await backend.save({ ...foreign, revision: record.revision + 1, writeId: "other" });
    let isFailing = false;
    const failing = surround(backend, (method, call, options) =>
      isFailing && method === "touch" ? Promise.reject(new Error("crash")) : call(options),
    );
    const other = openOver(failing, { clock });
    const login = await other.sessions.fromCookie(cookieHeader(old));
    login.userId = 2;
    isFailing = true;
    await expect(other.sessions.commit(login)).rejects.toMatchObject({ code: "unavailable" });
    clock.advance(11);
    const undone = await sessions.fromCookie(cookieHeader(old));
    expect([undone.userId, undone.name]).toEqual([1, undefined]);
    const stands = await backend.load(undone.handle ?? "");
    expect(Buffer.from(stands?.data ?? []).toString()).toContain(long);
  });
});

describe("a change of key of a tenant's session that was not finished", () => {
  /** The only session that a tenant may have, of which a login has died after its second step. */
  async function full() {
    let isFailing = false;
    const memory = createMemoryBackend();
    const backend = surround(memory, (method, call, options) =>
      isFailing && method === "touch" ? Promise.reject(new Error("crash")) : call(options),
    );
    const { clock } = openOver(memory);
    const tenant = openTenants(backend, { maxSessions: 1 }, { clock }).forTenant("full");
    const key = await storedIn(tenant);
    const login = await tenant.load(key);
    if (login === null) throw new Error("there is no such session");
    login.userId = 2;
    isFailing = true;
    await expect(login.save()).rejects.toMatchObject({ code: "unavailable" });
    isFailing = false;
    return { memory, tenant, key, clock };
  }

  test("is undone though the tenant has as many as it may", async () => {
    const { tenant, key, clock } = await full();
    clock.advance(61);
    await storedIn(tenant, { userId: 7 });
    expect(await tenant.load(key)).toMatchObject({ userId: 1 });
    await expect(storedIn(tenant)).rejects.toMatchObject({ code: "limit" });
    expect(await tenant.count()).toBe(2);
  });

  test.each([0.001, 11, 61, 300])("ends with all of the tenant's after %d s", async (seconds) => {
    const { memory, tenant, key, clock } = await full();
    clock.advance(seconds);
    expect(await tenant.revokeAll()).toBeGreaterThan(0);
    clock.advance(11);
    expect([await tenant.exists(key), await tenant.count()]).toEqual([false, 0]);
    expect((await memory.abilities.scan.scan({ limit: 9 })).records).toEqual([]);
  });

  test("ends with all of the tenant's, also when it is undone meanwhile", async () => {
    const { memory, key, clock } = await full();
    clock.advance(61);
    // Nothing but the record that the session can come back from.
    await memory.abilities.sweep.deleteExpired(clock(), 9);
    let lists = 0;
    const list = {
      list: async (query: Parameters<typeof memory.abilities.list.list>[0]) => {
        lists += 1;
        if (lists === 2) expect(await racing.load(key)).toMatchObject({ userId: 1 });
        return memory.abilities.list.list(query);
      },
    };
    const racing = openTenants(memory, {}, { clock }).forTenant("full");
    const hooked = { ...memory, abilities: { ...memory.abilities, list } };
    await openTenants(hooked, {}, { clock }).forTenant("full").revokeAll();
    expect([await racing.exists(key), await racing.count()]).toEqual([false, 0]);
  });
});
