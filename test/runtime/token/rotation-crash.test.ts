import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { describe, expect, test } from "vitest";
import { surround } from "../../../runtime/backends/layer.js";
import {
  type Crash,
  crashEndings,
  crashes,
  crashRotation,
  judgeCrash,
  judgeEnding,
} from "../../suites/faults/crashed-rotation.js";
import { cookieHeader, cookieOf, mustLoad, openOver, stored } from "../fixture/open.js";

const periodic = { expiry: { idle: "6h", touchAfter: "5h" } } as const;

/** At once, when a crash is known for one, when what lives a minute is gone, when nothing is followed any more, and late. */
const moments = [0.001, 11, 61, 300, 4 * 3600];

const cases = crashes.map((crash) => {
  const { how, step, isDone, isDeath } = crash;
  return [`${how}, ${isDeath ? "dead" : "failed"} in call ${step} (done: ${isDone})`, crash] as const;
});

describe("a change of key that comes to an end too early", () => {
  test.each(cases)("leaves one key that works, at any time: %s", async (_name, crash) => {
    for (const seconds of moments) {
      const crashed = await crashRotation(createMemoryBackend(), crash, 1);
      expect([seconds, await judgeCrash(crash, crashed, seconds)]).toEqual([seconds, null]);
    }
  });

  test.each(cases)("can be ended for good, at any time and in any way: %s", async (_name, crash) => {
    for (const seconds of moments) {
      for (const [name, end] of Object.entries(crashEndings)) {
        const crashed = await crashRotation(createMemoryBackend(), crash, 1);
        crashed.clock.advance(seconds);
        const isEnded = await end(crashed);
        if (name === "the user") expect([name, seconds, isEnded]).toEqual([name, seconds, true]);
        expect([name, seconds, await judgeEnding(crashed, isEnded)]).toEqual([name, seconds, null]);
      }
    }
  });

  test.each(cases)("is ended for everyone, and leaves nothing behind: %s", async (_name, crash) => {
    for (const seconds of moments) {
      const backend = createMemoryBackend();
      const crashed = await crashRotation(backend, crash, 1);
      crashed.clock.advance(seconds);
      expect(await crashed.sessions.revokeAll()).toBeGreaterThan(0);
      expect(await judgeEnding(crashed, true)).toBeNull();
      expect((await backend.abilities.scan.scan({ limit: 9 })).records).toEqual([]);
    }
  });

  test.each(cases)("leaves nothing behind when all lives are over: %s", async (_name, crash) => {
    const backend = createMemoryBackend();
    const crashed = await crashRotation(backend, crash, 1);
    for (const key of [...crashed.keys, ...crashed.keys]) {
      await crashed.sessions.load(key);
      crashed.clock.advance(11);
    }
    crashed.clock.advance("7h");
    await crashed.sessions.cleanupExpired();
    expect((await backend.abilities.scan.scan({ limit: 9 })).records).toEqual([]);
  });
});

/** Of which nobody knows whether it was taken: the last step of a login. */
const unheard: Crash = { how: "byLogin", step: 3, isDone: false, isDeath: false };

describe("a login whose last step failed", () => {
  test("stands when the new key was used to write, whoever comes with the old one", async () => {
    const crashed = await crashRotation(createMemoryBackend(), unheard, 1);
    const { sessions, clock, old, sent } = crashed;
    expect(sent).not.toBe(old);
    const session = await sessions.fromCookie(cookieHeader(sent));
    session.visits += 1;
    await sessions.commit(session);
    for (const seconds of [0.001, 11, 61, 3600]) {
      clock.advance(seconds);
      expect(await sessions.exists(old)).toBe(false);
      expect(await mustLoad(sessions, sent)).toMatchObject({ userId: 2, visits: 6 });
    }
    expect(await sessions.count({ userId: 2 })).toBe(1);
  });

  test("stands when the key was changed once more, also when nothing leads anywhere any more", async () => {
    const { sessions, clock, old, sent } = await crashRotation(createMemoryBackend(), unheard, 1);
    const session = await mustLoad(sessions, sent);
    await session.cycleKey();
    clock.advance("10m");
    await sessions.cleanupExpired();
    expect([await sessions.exists(old), await sessions.exists(sent)]).toEqual([false, false]);
    expect(await mustLoad(sessions, session.key ?? "")).toMatchObject({ userId: 2, visits: 5 });
  });

  test("stands when all others are revoked, and does not come back when it was to be short", async () => {
    const { sessions, clock, old, sent } = await crashRotation(createMemoryBackend(), unheard, 1);
    const session = await mustLoad(sessions, sent);
    expect(await sessions.revoke({ userId: 1 }, { except: session })).toBe(0);
    clock.advance(11);
    expect(await sessions.exists(old)).toBe(false);
    const other = await crashRotation(createMemoryBackend(), unheard, 1);
    const short = await mustLoad(other.sessions, other.sent);
    short.setExpiry(20);
    await short.save();
    other.clock.advance(30);
    await other.sessions.cleanupExpired();
    expect([await other.sessions.exists(other.old), await other.sessions.count()]).toEqual([false, 0]);
  });

  test("is taken back by the old key until then, and the handle that it had still ends the session", async () => {
    const { sessions, clock, old, sent } = await crashRotation(createMemoryBackend(), unheard, 1);
    const { handle } = await mustLoad(sessions, sent);
    clock.advance(11);
    expect((await mustLoad(sessions, old)).userId).toBe(1);
    expect(await sessions.exists(sent)).toBe(false);
    expect(await sessions.revoke({ handle: handle ?? "" })).toBe(1);
    expect([await sessions.exists(old), await sessions.count()]).toEqual([false, 0]);
  });

  test("is finished by an app that goes on in spite of the error", async () => {
    let fails = 0;
    const backend = surround(createMemoryBackend(), (method, call, callOptions) => {
      fails += method === "save" ? 1 : 0;
      return method === "save" && fails === 2 ? Promise.reject(new Error("lost")) : call(callOptions);
    });
    const { sessions, clock } = openOver(backend, periodic);
    const old = await stored(sessions, { userId: 1 });
    const session = await sessions.fromCookie(cookieHeader(old));
    session.userId = 2;
    await expect(session.save()).rejects.toMatchObject({ code: "unavailable" });
    expect(cookieOf(await sessions.commit(session))).toContain(session.key);
    clock.advance(11);
    expect(await sessions.exists(old)).toBe(false);
    expect((await mustLoad(sessions, session.key ?? "")).userId).toBe(2);
  });
});

test("of many requests with the old key that undo a change at once, all get the session", async () => {
  const crash = { how: "byLogin", step: 2, isDone: true, isDeath: true } as const;
  const { sessions, clock, old } = await crashRotation(createMemoryBackend(), crash, 1);
  clock.advance(11);
  const found = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const session = await sessions.fromCookie(cookieHeader(old));
      session.visits += 1;
      await sessions.commit(session);
      return session.userId;
    }),
  );
  expect(found).toEqual(Array.from({ length: 8 }, () => 1));
  expect((await mustLoad(sessions, old)).visits).toBe(13);
});

test("an old key ends ten seconds after the new one came, also when the first try to end it failed", async () => {
  let isFailing = false;
  const backend = surround(createMemoryBackend(), (method, call, callOptions) => {
    if (isFailing && method === "touch") return Promise.reject(new Error("unreachable"));
    return call(callOptions);
  });
  const { sessions, clock } = openOver(backend, periodic);
  const old = await stored(sessions, { userId: 1, visits: 5 });
  clock.advance("1h");
  const rotated = await sessions.fromCookie(cookieHeader(old));
  await sessions.commit(rotated);
  const key = rotated.key ?? "";
  expect(key).not.toBe(old);

  isFailing = true;
  const first = await sessions.fromCookie(cookieHeader(key));
  first.visits += 1;
  await expect(sessions.commit(first)).rejects.toMatchObject({ code: "unavailable" });
  isFailing = false;
  const second = await sessions.fromCookie(cookieHeader(key));
  expect(second.visits).toBe(5);
  second.visits += 1;
  await sessions.commit(second);
  expect(await sessions.exists(old)).toBe(true);
  clock.advance(11);
  expect(await sessions.exists(old)).toBe(false);
  expect(await sessions.exists(key)).toBe(true);
});
