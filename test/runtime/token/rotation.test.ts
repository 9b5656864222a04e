import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { failingBackend } from "@session-gen/runtime/testing";
import { describe, expect, test } from "vitest";
import { cookieHeader, cookieOf, mustLoad, openOver, openStored, stored } from "../fixture/open.js";

const periodic = { expiry: { idle: "6h", touchAfter: "5h" } } as const;

describe("by hand", () => {
  test("same data, new key and handle, old key dead at once", async () => {
    const { sessions, clock, key } = await openStored({ userId: 1, name: "Ann" });
    const session = await mustLoad(sessions, key);
    const { handle, createdAt } = session;
    await session.cycleKey();
    expect(session.key).not.toBe(key);
    expect(session.handle).not.toBe(handle);
    expect([session.name, session.createdAt, session.isModified]).toEqual(["Ann", createdAt, false]);
    expect((await mustLoad(sessions, session.key ?? "")).name).toBe("Ann");
    for (const seconds of [0.001, 10, 60, 600]) {
      expect([await sessions.load(key), await sessions.exists(key)]).toEqual([null, false]);
      clock.advance(seconds);
    }
    expect(await sessions.count({ userId: 1 })).toBe(1);
  });

  test("takes unsaved changes along, and a new session is only stored", async () => {
    const { sessions, calls, key } = await openStored();
    const session = await mustLoad(sessions, key);
    session.name = "Ann";
    await session.cycleKey();
    expect((await mustLoad(sessions, session.key ?? "")).name).toBe("Ann");
    calls.length = 0;
    await sessions.create({ userId: 2 }).cycleKey();
    expect(calls).toEqual(["create"]);
  });

  test("merges what another request saved", async () => {
    const { sessions, key } = await openStored({ visits: 1 });
    const [first, second] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    second.visits += 1;
    await second.save();
    first.visits += 1;
    await first.cycleKey();
    expect((await mustLoad(sessions, first.key ?? "")).visits).toBe(3);
  });

  test("a request that came with the old key is refused", async () => {
    const { sessions, key } = await openStored();
    const [first, second] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    await first.cycleKey();
    second.name = "late";
    await expect(second.save()).rejects.toMatchObject({ code: "gone" });
    expect(await sessions.count()).toBe(1);
  });
});

describe("by change", () => {
  test.each(["save", "commit"])("an indexed field rotates in the very %s", async (how) => {
    const { sessions, clock, key } = await openStored({ name: "guest" });
    const session = await sessions.fromCookie(cookieHeader(key));
    session.userId = 42;
    if (how === "save") await session.save();
    expect(cookieOf(await sessions.commit(session))).toContain(`${session.key}`);
    expect(session.key).not.toBe(key);
    clock.advance("1m");
    expect(await sessions.load(key)).toBeNull();
    expect((await mustLoad(sessions, session.key ?? "")).userId).toBe(42);
  });

  test("other fields do not, nor does false", async () => {
    const { sessions, key } = await openStored({ userId: 1 });
    const session = await mustLoad(sessions, key);
    session.name = "Ann";
    session.userId = 1;
    await session.save();
    expect(session.key).toBe(key);
    const off = await openStored({ userId: 1 }, { rotation: false });
    const kept = await mustLoad(off.sessions, off.key);
    kept.userId = 2;
    await kept.save();
    expect(kept.key).toBe(off.key);
  });
});

describe("periodic", () => {
  test("replaces the key at the end of a request, also of one that changes something each time", async () => {
    const { sessions, clock, key } = await openStored({ visits: 1 }, periodic);
    let last = key;
    const keys = new Set([key]);
    for (let minute = 0; minute < 180; minute += 20) {
      const session = await sessions.fromCookie(cookieHeader(last));
      session.visits += 1;
      await sessions.commit(session);
      last = session.key ?? "";
      keys.add(last);
      clock.advance("20m");
    }
    expect((await mustLoad(sessions, last)).visits).toBe(10);
    expect(keys.size).toBe(3);
  });

  test("parallel requests change the key once and lose nothing", async () => {
    const { sessions, backend, clock, key } = await openStored({ visits: 0 }, periodic);
    clock.advance("1h");
    const requests = await Promise.all(
      Array.from({ length: 8 }, () => sessions.fromCookie(cookieHeader(key))),
    );
    const cookies = await Promise.all(
      requests.map(async (session, index) => {
        if (index % 2 === 0) session.visits += 1;
        return cookieOf(await sessions.commit(session));
      }),
    );
    expect(new Set(requests.map((session) => session.key)).size).toBe(1);
    expect(cookies.every((cookie) => cookie?.includes(requests[0]?.key ?? "?"))).toBe(true);
    expect((await mustLoad(sessions, requests[0]?.key ?? "")).visits).toBe(4);
    expect((await backend.abilities.scan.scan({ limit: 9 })).records.length).toBe(2);
  });

  test("the old key leads to the new one also on a server whose clock is behind", async () => {
    const { sessions, backend, clock, key } = await openStored({ userId: 1 }, periodic);
    const behind = openOver(backend, { ...periodic, clock: () => clock() - 2000 });
    clock.advance("1h");
    const first = await sessions.fromCookie(cookieHeader(key));
    await sessions.commit(first);
    const beside = await behind.sessions.fromCookie(cookieHeader(key));
    expect([beside.userId, beside.key]).toEqual([1, first.key]);
  });

  test("a lost response repairs itself, and the old key dies ten seconds after the new one is presented", async () => {
    const { sessions, clock, key } = await openStored({ userId: 1 }, periodic);
    clock.advance("1h");
    const first = await sessions.fromCookie(cookieHeader(key));
    await sessions.commit(first);
    clock.advance("30m");
    const repaired = await sessions.fromCookie(cookieHeader(key));
    expect([repaired.userId, repaired.key]).toEqual([1, first.key]);
    expect(cookieOf(await sessions.commit(repaired))).toContain(`${first.key}`);
    const arrived = await sessions.fromCookie(cookieHeader(first.key ?? ""));
    expect(cookieOf(await sessions.commit(arrived))).not.toBeNull();
    clock.advance(9.9);
    expect(await sessions.exists(key)).toBe(true);
    clock.advance(0.1);
    expect(await sessions.exists(key)).toBe(false);
    expect(await sessions.exists(first.key ?? "")).toBe(true);
  });

  test("the old key is dead after a logout", async () => {
    const { sessions, clock, key } = await openStored({ userId: 1 }, periodic);
    clock.advance("1h");
    const session = await sessions.fromCookie(cookieHeader(key));
    await sessions.commit(session);
    const forwarded = await sessions.fromCookie(cookieHeader(key));
    await forwarded.destroy();
    expect([await sessions.exists(key), await sessions.exists(session.key ?? "")]).toEqual([false, false]);
  });

  test("and after a login", async () => {
    const { sessions, clock, key } = await openStored({ userId: 1 }, periodic);
    clock.advance("1h");
    await sessions.commit(await sessions.fromCookie(cookieHeader(key)));
    const session = await sessions.fromCookie(cookieHeader(key));
    session.userId = 2;
    await sessions.commit(session);
    for (const seconds of [1, 20, 120]) {
      clock.advance(seconds);
      expect(await sessions.exists(key)).toBe(false);
    }
    expect(await sessions.exists(session.key ?? "")).toBe(true);
  });

  test("a request that followed the old key and saved first does not end the session", async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const memory = createMemoryBackend();
    const { sessions, clock } = openOver(failingBackend(memory, { touch: [{ wait: held }] }), periodic);
    const key = await stored(sessions, { visits: 1 });
    clock.advance("1h");
    const rotating = await sessions.fromCookie(cookieHeader(key));
    const rotated = sessions.commit(rotating);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = await sessions.fromCookie(cookieHeader(key));
    other.visits += 1;
    await sessions.commit(other);
    release();
    expect(cookieOf(await rotated)).toContain(`${other.key}`);
    expect((await mustLoad(sessions, other.key ?? "")).visits).toBe(2);
  });
});
