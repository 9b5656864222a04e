import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BackendMethod, surround } from "../../../runtime/backends/layer.js";
import type { Session } from "../fixture/generated/index.js";
import {
  cookieHeader,
  cookieOf,
  mustLoad,
  type Opened,
  openOver,
  openStored,
  stored,
} from "../fixture/open.js";

const gone = expect.objectContaining({ code: "gone" });

describe("a session that was deleted meanwhile is never written back", () => {
  test.each([
    ["save", (session: Session) => session.save()],
    ["cycleKey", (session: Session) => session.cycleKey()],
    ["touch", (session: Session) => session.touch()],
    ["reload", (session: Session) => session.reload()],
  ] as const)("by %s", async (_name, act) => {
    const { sessions, key } = await openStored();
    const session = await mustLoad(sessions, key);
    session.name = "late";
    expect(await sessions.delete(key)).toBe(true);
    await expect(act(session)).rejects.toThrow(gone);
    expect([await sessions.load(key), await sessions.count(), session.key]).toEqual([null, 0, null]);
    await expect(session.save()).rejects.toThrow(gone);
    expect(cookieOf(await sessions.commit(session))).toBeNull();
  });

  test("by the end of a request that wrote", async () => {
    const { sessions, key } = await openStored();
    const session = await mustLoad(sessions, key);
    session.name = "late";
    await sessions.delete(key);
    await expect(sessions.commit(session)).rejects.toThrow(gone);
    expect(await sessions.count()).toBe(0);
  });

  test.each([
    ["touch", "30m"],
    ["rotation", "61m"],
  ] as const)("by one that only read when a %s was due, and that is no failure", async (_name, passed) => {
    const { sessions, clock, key } = await openStored({}, { expiry: { idle: "2h" } });
    clock.advance(passed);
    const session = await mustLoad(sessions, key);
    await sessions.delete(key);
    expect(cookieOf(await sessions.commit(session))).toBeNull();
    expect(await sessions.count()).toBe(0);
  });

  test("by a destroy of what is gone, which is no failure", async () => {
    const { sessions, key } = await openStored();
    const session = await mustLoad(sessions, key);
    await sessions.delete(key);
    await session.destroy();
    expect(await sessions.delete(key)).toBe(false);
  });
});

test("a destroy follows a key that was changed meanwhile", async () => {
  const { sessions, key } = await openStored();
  const [leaver, other] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
  await other.cycleKey();
  await other.cycleKey();
  await leaver.destroy();
  expect(await sessions.exists(other.key ?? "")).toBe(false);
  other.name = "late";
  await expect(other.save()).rejects.toThrow(gone);
  expect(await sessions.count()).toBe(0);
});

test("an old key ends nothing", async () => {
  const { sessions, key } = await openStored();
  const session = await mustLoad(sessions, key);
  await session.cycleKey();
  expect(await sessions.delete(key)).toBe(false);
  expect(await sessions.exists(session.key ?? "")).toBe(true);
});

describe("delete(key)", () => {
  test.each(["", "short", `${"a".repeat(42)}=`, "a".repeat(43), "a".repeat(44), "../../etc"])(
    "of %s is false",
    async (key) => {
      const { sessions } = await openStored();
      expect([await sessions.delete(key), await sessions.exists(key), await sessions.load(key)]).toEqual([
        false,
        false,
        null,
      ]);
    },
  );

  test("of an expired one is false; a stored hash is no key", async () => {
    const { sessions, clock, key } = await openStored();
    const { handle } = await mustLoad(sessions, key);
    expect(await sessions.load(handle ?? "")).toBeNull();
    expect(await sessions.delete(handle ?? "")).toBe(false);
    clock.advance("2h");
    expect(await sessions.delete(key)).toBe(false);
  });
});

type Actor = "writer" | "reader" | "rotator" | "periodic" | "login" | "toucher";

const act: Readonly<Record<Actor, (session: Session, opened: Opened) => Promise<unknown>>> = {
  writer: (session, { sessions }) => {
    session.visits += 1;
    return sessions.commit(session);
  },
  reader: (session, { sessions }) => sessions.commit(session),
  rotator: (session) => session.cycleKey(),
  periodic: (session, { sessions }) => sessions.commit(session),
  login: (session, { sessions }) => {
    session.userId = 42;
    return sessions.commit(session);
  },
  toucher: (session) => session.touch(),
};

/** Everything that the actors were told or sent, so that all of it can be tried. */
async function race(scheduler: fc.Scheduler, actors: readonly Actor[], isDestroyed: boolean) {
  const memory = createMemoryBackend();
  let isScheduled = false;
  const backend = surround(memory, async (method: BackendMethod, call, options) => {
    if (isScheduled) await scheduler.schedule(Promise.resolve(), method);
    const answer = await call(options);
    if (isScheduled) await scheduler.schedule(Promise.resolve(), `${method} answered`);
    return answer;
  });
  const opened = openOver(backend, { expiry: { idle: "3h", touchAfter: "30m" } });
  const { sessions, clock } = opened;
  const key = await stored(sessions, { userId: 1 });
  clock.advance("1h");
  const loaded = await Promise.all(
    [...actors, "leaver"].map(() => sessions.fromCookie(cookieHeader(key)) as Promise<Session>),
  );
  const leaver = loaded.pop();
  const keys = new Set([key]);
  isScheduled = true;
  const work = actors.map(async (actor, index) => {
    const session = loaded[index];
    if (session === undefined) return;
    await act[actor](session, opened).catch((error: unknown) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(gone|conflict)$/) });
    });
    if (session.key !== null) keys.add(session.key);
  });
  const left = isDestroyed ? leaver?.destroy() : undefined;
  await scheduler.waitFor(Promise.all([...work, left]));
  isScheduled = false;
  return { ...opened, keys: [...keys] };
}

const actors = fc.array(
  fc.constantFrom<Actor>("writer", "reader", "rotator", "periodic", "login", "toucher"),
  {
    minLength: 1,
    maxLength: 3,
  },
);

test("after a destroy and any interleaving with writers, touchers and rotations no key works", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), actors, async (scheduler, chosen) => {
      const { sessions, clock, keys } = await race(scheduler, chosen, true);
      for (const seconds of [0.001, 11, 50]) {
        for (const key of keys) expect(await sessions.exists(key)).toBe(false);
        expect(await sessions.count()).toBe(0);
        clock.advance(seconds);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("without one, the session lives under exactly one key in the end, and nothing is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), actors, async (scheduler, chosen) => {
      const { sessions, clock, keys } = await race(scheduler, chosen, false);
      clock.advance(11);
      expect(await sessions.count()).toBe(1);
      const found = await Promise.all(keys.map((key) => sessions.load(key)));
      expect(new Set(found.flatMap((session) => (session ? [session.handle] : []))).size).toBe(1);
    }),
    { numRuns: 300 },
  );
}, 60_000);
