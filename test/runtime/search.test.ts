import type { SessionBackend } from "@session-gen/runtime";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { describe, expect, expectTypeOf, test } from "vitest";
import { surround } from "../../runtime/backends/layer.js";
import { createSessions } from "./fixture/generated/index.js";
import { cookieHeader, mustLoad, open, openOver, stored } from "./fixture/open.js";

const wrong = (value: unknown): never => value as never;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Two sessions of user 1, one of user 2, and an anonymous one. */
async function populated() {
  const opened = open();
  const [first, second, other, anonymous] = await Promise.all(
    [{ userId: 1, name: "first" }, { userId: 1, name: "second" }, { userId: 2 }, { name: "anonymous" }].map(
      (data) => stored(opened.sessions, data),
    ),
  );
  const keys = { first: first ?? "", second: second ?? "", other: other ?? "", anonymous: anonymous ?? "" };
  const alive = async () => {
    const names = Object.entries(keys).map(async ([name, key]) =>
      (await opened.sessions.exists(key)) ? name : "",
    );
    return (await Promise.all(names)).filter(Boolean);
  };
  return { ...opened, keys, alive };
}

describe("find and count", () => {
  test("show what matches by its handle, with its data and times as numbers, and no key", async () => {
    const { sessions, keys, clock } = await populated();
    const found = await collect(sessions.find({ userId: 1 }));
    const session = await mustLoad(sessions, keys.first);
    expect(found.map(({ data }) => data.name).sort()).toEqual(["first", "second"]);
    expect(found.find(({ handle }) => handle === session.handle)).toEqual({
      handle: session.handle,
      createdAt: clock(),
      expiresAt: clock() + 3_600_000,
      data: session.toObject(),
    });
    expect(
      JSON.stringify(found.map(({ data: { points, ...rest }, ...summary }) => [summary, rest])),
    ).not.toContain(keys.first);
    expect([await sessions.count({ userId: 1 }), await sessions.count({ userId: 3 })]).toEqual([2, 0]);
    expect(await sessions.count()).toBe(4);
  });

  test("all members have to match", async () => {
    const { sessions, keys } = await populated();
    const handle = (await mustLoad(sessions, keys.first)).handle ?? "";
    expect((await collect(sessions.find({ handle }))).map(({ data }) => data.name)).toEqual(["first"]);
    expect(await sessions.count({ handle, userId: 1 })).toBe(1);
    expect(await sessions.count({ handle, userId: 2 })).toBe(0);
  });

  test("follow a change of the indexed field, and a change of key", async () => {
    const { sessions, keys } = await populated();
    const session = await mustLoad(sessions, keys.first);
    const before = session.handle ?? "";
    session.userId = 2;
    await session.save();
    expect([await sessions.count({ userId: 1 }), await sessions.count({ userId: 2 })]).toEqual([1, 2]);
    expect((await collect(sessions.find({ handle: before }))).map(({ handle }) => handle)).toEqual([
      session.handle,
    ]);
    expect(await sessions.count()).toBe(4);
  });

  test("leave out what has expired, at the very millisecond", async () => {
    const { sessions, clock } = await populated();
    clock.advance(3599.999);
    expect(await sessions.count({ userId: 1 })).toBe(2);
    clock.advance(0.001);
    expect([await sessions.count({ userId: 1 }), await sessions.count()]).toEqual([0, 0]);
    expect(await collect(sessions.find({ userId: 1 }))).toEqual([]);
  });

  test("read page by page", async () => {
    const { sessions, calls } = open();
    await Promise.all(Array.from({ length: 1001 }, () => stored(sessions, { userId: 1 })));
    calls.length = 0;
    expect(await sessions.count({ userId: 1 })).toBe(1001);
    expect(calls).toEqual(["find", "find", "find"]);
  });
});

describe("a filter that could match more than was meant is refused before anything is read", () => {
  test.each<readonly [string, never]>([
    ["empty", wrong({})],
    ["an undefined member", wrong({ userId: undefined })],
    ["one among others", wrong({ userId: 1, handle: undefined })],
    ["an undefined handle alone", wrong({ handle: undefined })],
    ["nothing at all, where types do not look", wrong(null)],
    ["a field without index", wrong({ name: "first" })],
    ["no field", wrong({ constructor: 1 })],
    ["another type", wrong({ userId: "1" })],
    ["null", wrong({ userId: null })],
    ["NaN", wrong({ userId: Number.NaN })],
    ["a handle that is no text", wrong({ handle: 1 })],
  ])("%s", async (_name, filter) => {
    const { sessions, calls, alive } = await populated();
    const before = await alive();
    calls.length = 0;
    const invalid = expect.objectContaining({ code: "invalid" });
    await expect(sessions.revoke(filter)).rejects.toThrow(invalid);
    await expect(sessions.count(filter)).rejects.toThrow(invalid);
    await expect(collect(sessions.find(filter))).rejects.toThrow(invalid);
    expect(calls).toEqual([]);
    expect(await alive()).toEqual(before);
  });

  test.each(["", "*", "%", "../x", "a".repeat(42), "a".repeat(44), `${"a".repeat(43)}\n`, "a".repeat(43)])(
    "but %j is the handle of nothing",
    async (handle) => {
      const { sessions, calls } = await populated();
      calls.length = 0;
      expect([await sessions.count({ handle }), await sessions.revoke({ handle })]).toEqual([0, 0]);
      expect(calls.filter((call) => call !== "load")).toEqual([]);
      expect(calls.length > 0).toBe(/^a{43}$/.test(handle) && !handle.endsWith("\n"));
    },
  );
});

describe("revoke", () => {
  test("ends what matches, and answers how many", async () => {
    const { sessions, alive } = await populated();
    expect(await sessions.revoke({ userId: 1 })).toBe(2);
    expect(await alive()).toEqual(["other", "anonymous"]);
    expect(await sessions.revoke({ userId: 1 })).toBe(0);
  });

  test("but for one", async () => {
    const { sessions, keys, alive } = await populated();
    const session = await mustLoad(sessions, keys.second);
    expect(await sessions.revoke({ userId: 1 }, { except: session })).toBe(1);
    expect(await alive()).toEqual(["second", "other", "anonymous"]);
    expect(await sessions.revoke({ userId: 2 }, { except: sessions.create() })).toBe(1);
  });

  test("logs out one device of a user, and not one of somebody else", async () => {
    const { sessions, keys, alive } = await populated();
    const handle = (await mustLoad(sessions, keys.first)).handle ?? "";
    expect(await sessions.revoke({ userId: 2, handle })).toBe(0);
    expect(await sessions.revoke({ userId: 1, handle })).toBe(1);
    expect(await alive()).toEqual(["second", "other", "anonymous"]);
  });

  test("revokeAll is everyone of this kind", async () => {
    const { sessions, backend, alive } = await populated();
    const record = (await backend.abilities.scan.scan({ limit: 1 })).records[0];
    if (record === undefined) throw new Error("there is no record");
    await backend.create({
      ...record,
      id: "another",
      header: record.header.replace(/session$/, "adminSession"),
    });
    expect(await sessions.revokeAll()).toBe(4);
    expect([await alive(), await backend.exists("another")]).toEqual([[], true]);
  });

  test("a request that is under way is not written back", async () => {
    const { sessions, keys } = await populated();
    const session = await sessions.fromCookie(cookieHeader(keys.first));
    await sessions.revoke({ userId: 1 });
    session.name = "late";
    await expect(sessions.commit(session)).rejects.toMatchObject({ code: "gone" });
    expect(await sessions.count({ userId: 1 })).toBe(0);
  });

  test.each(["revoke", "revokeAll"] as const)(
    "%s leaves none, though logins and changes of key race it",
    async (method) => {
      let turn: () => Promise<void> = async () => {};
      const backend = surround(createMemoryBackend(), async (name, call, options) => {
        // What others do happens just before each removal and after each page.
        if (name === "delete") await turn();
        const answer = await call(options);
        if (name === "find" || name === "scan") await turn();
        return answer;
      });
      const { sessions } = openOver(backend);
      const keys = new Set([await stored(sessions), await stored(sessions), await stored(sessions)]);
      let turns = 12;
      turn = async () => {
        if (turns-- <= 0) return;
        const quiet = turn;
        turn = async () => {};
        keys.add(await stored(sessions));
        for (const key of [...keys]) {
          const session = await sessions.load(key);
          await session?.cycleKey().catch(() => {});
          if (session?.key) keys.add(session.key);
        }
        turn = quiet;
      };
      await (method === "revoke" ? sessions.revoke({ userId: 1 }) : sessions.revokeAll());
      expect(turns).toBeLessThanOrEqual(0);
      for (const key of keys) expect(await sessions.exists(key)).toBe(false);
      expect(await sessions.count()).toBe(0);
    },
  );
});

describe("what the backend cannot do is no method", () => {
  const backend: SessionBackend<object> = { ...createMemoryBackend(), abilities: {} };

  test("at run time and in the types", async () => {
    const sessions = createSessions({ backend });
    const able = createSessions();
    for (const name of ["find", "count", "revoke", "revokeAll", "cleanupExpired", "startCleanup"] as const) {
      expect(name in sessions, name).toBe(false);
      expectTypeOf(sessions).not.toHaveProperty(name);
      expectTypeOf(able).toHaveProperty(name);
    }
    // Outside production others would share its memory.
    await able.close();
  });

  test("a filter of nothing, or of a field without index, and an unknown option do not compile", () => {
    const { sessions } = open();
    const compiled = () => {
      // @ts-expect-error an empty filter
      void sessions.revoke({});
      // @ts-expect-error a field without index
      void sessions.count({ name: "first" });
      // @ts-expect-error an undefined member
      void sessions.find({ userId: undefined });
      // @ts-expect-error an unknown option
      createSessions({ bakend: backend });
    };
    expect(compiled).toBeTypeOf("function");
  });
});
