import { describe, expect, test } from "vitest";
import { decide, type LifecycleFacts, type Outcome } from "../../../runtime/session/lifecycle.js";
import { cookieHeader, cookieOf, mustLoad, open, openStored } from "../fixture/open.js";

const flags = [
  "isDeletionPending",
  "isStored",
  "isModified",
  "isEmpty",
  "isForwardSpent",
  "isRotatedByChange",
  "isRotationDue",
  "isTouchDue",
  "isReadOnly",
] as const;

/** What CONTRACT says of each case, as rules of which the first that applies holds. */
function expected(facts: LifecycleFacts, status: number): Outcome {
  const mayStore = facts.phase === "open" && !facts.isReadOnly && status < 500;
  const rules: readonly [boolean, Outcome][] = [
    [facts.isDeletionPending, status < 500 ? "delete" : "keep"],
    [!mayStore, "keep"],
    [!facts.isStored && (facts.isEmpty || !facts.isModified), "keep"],
    [!facts.isStored, "create"],
    [facts.isModified && facts.isRotatedByChange, "rotate"],
    [facts.isRotationDue, "rotate"],
    [facts.isModified || facts.isForwardSpent, "save"],
    [facts.isTouchDue, "touch"],
  ];
  return rules.find(([applies]) => applies)?.[1] ?? "keep";
}

test("every case of the table", () => {
  for (let bits = 0; bits < 2 ** (flags.length + 1); bits += 1) {
    const facts = {
      ...Object.fromEntries(flags.map((name, index) => [name, (bits & (1 << index)) !== 0])),
      phase: bits & (1 << flags.length) ? "ended" : "open",
    } as unknown as LifecycleFacts;
    // A change that rotates is a change.
    if (facts.isRotatedByChange && !facts.isModified) continue;
    for (const status of [200, 302, 404, 499, 500, 503]) {
      expect(decide(facts, status), JSON.stringify({ facts, status })).toBe(expected(facts, status));
    }
  }
});

describe("the implicit save", () => {
  test.each([200, 204, 301, 404, 499])("happens at %i", async (status) => {
    const { sessions, calls } = open();
    const session = sessions.create({ userId: 1 });
    expect(cookieOf(await sessions.commit(session, { status }))).toContain(session.key);
    expect(calls).toEqual(["create"]);
  });

  test.each([500, 503])("is skipped at %i", async (status) => {
    const { sessions, calls, key } = await openStored();
    const session = await mustLoad(sessions, key);
    session.name = "Ann";
    expect(cookieOf(await sessions.commit(session, { status }))).toBeNull();
    expect(calls).toEqual(["load"]);
  });
});

describe("what acts at once sends its cookie whatever the status", () => {
  test.each(["save", "touch", "cycleKey", "ensureKey"] as const)("%s", async (act) => {
    const { sessions, key } = await openStored();
    const session = act === "ensureKey" ? sessions.create() : await sessions.fromCookie(cookieHeader(key));
    session.name = "Ann";
    await session[act]();
    expect(cookieOf(await sessions.commit(session, { status: 500 }))).toContain(`${session.key}`);
    expect(cookieOf(await sessions.commit(session, { status: 500 }))).toBeNull();
  });

  test("destroy", async () => {
    const { sessions, key } = await openStored();
    const session = await sessions.fromCookie(cookieHeader(key));
    await session.destroy();
    expect(cookieOf(await sessions.commit(session, { status: 500 }))).toMatch(/^__Host-session=;.*Max-Age=0/);
    expect(await sessions.load(key)).toBeNull();
  });

  test("destroy of a session that was loaded by its key, or whose cookie a response before took along", async () => {
    const { sessions, key } = await openStored();
    const loaded = await mustLoad(sessions, key);
    await loaded.destroy();
    expect(cookieOf(await sessions.commit(loaded))).toMatch(/^__Host-session=;.*Max-Age=0/);
    const made = sessions.create({ userId: 1 });
    expect(cookieOf(await sessions.commit(made))).toContain(made.key);
    await made.destroy();
    expect(cookieOf(await sessions.commit(made))).toMatch(/^__Host-session=;.*Max-Age=0/);
  });
});

test("save with nothing to store finds out that the session is gone", async () => {
  const { sessions, calls, key } = await openStored();
  const session = await mustLoad(sessions, key);
  await session.save();
  expect(calls).toEqual(["load", "load"]);
  await sessions.delete(key);
  await expect(session.save()).rejects.toMatchObject({ code: "gone" });
});

test("ensureKey stores an empty session once and gives its key", async () => {
  const { sessions, calls } = open();
  const session = sessions.create();
  expect([session.key, session.handle, session.isNew]).toEqual([null, null, true]);
  const key = await session.ensureKey();
  expect([await session.ensureKey(), session.key, session.isNew]).toEqual([key, key, false]);
  expect(calls).toEqual(["create"]);
  expect(await sessions.exists(key)).toBe(true);
});

test("reload forgets what was not saved; when it fails nothing is forgotten", async () => {
  const { sessions, key } = await openStored();
  const session = await mustLoad(sessions, key);
  const other = await mustLoad(sessions, key);
  other.name = "Bob";
  await other.save();
  session.draft = "mine";
  await session.reload();
  expect([session.name, session.draft, session.isModified]).toEqual(["Bob", undefined, false]);
});

test("a read-only request stores nothing", async () => {
  const { sessions, calls, key } = await openStored();
  const session = await mustLoad(sessions, key);
  session.name = "Ann";
  await sessions.commitNow(session, { readOnly: true });
  expect(calls).toEqual(["load"]);
});

describe("after the first byte", () => {
  test("changes are saved when the key exists", async () => {
    const { sessions, calls, key } = await openStored();
    const session = await sessions.fromCookie(cookieHeader(key));
    session.name = "Ann";
    expect(await sessions.commitNow(session, { headersSent: true })).toEqual([]);
    expect(calls).toEqual(["load", "save"]);
  });

  test.each(["new", "rotated"])("a cookie that would be needed is a config error: %s", async (which) => {
    const { sessions, calls, key } = await openStored();
    const session = which === "new" ? sessions.create() : await sessions.fromCookie(cookieHeader(key));
    calls.length = 0;
    session.userId = 7;
    await expect((async () => sessions.commitNow(session, { headersSent: true }))()).rejects.toMatchObject({
      code: "config",
    });
    expect(calls).toEqual([]);
  });

  test("a rotation that is only due waits", async () => {
    const { sessions, clock, calls, key } = await openStored({ userId: 1 }, { expiry: { idle: "3h" } });
    clock.advance("2h");
    const session = await sessions.fromCookie(cookieHeader(key));
    await sessions.commitNow(session, { headersSent: true });
    expect([calls, session.key]).toEqual([["load", "touch"], key]);
  });
});

describe("acts that are not waited for run in turn", () => {
  test("a save and the end of the request make one session", async () => {
    const { sessions, calls } = open();
    const session = sessions.create({ userId: 1 });
    const saved = session.save();
    const headers = await sessions.commit(session);
    await saved;
    expect(calls).toEqual(["create"]);
    expect(cookieOf(headers)).toContain(session.key);
  });

  test("two saves make one session and add once", async () => {
    const { sessions } = open();
    const session = sessions.create({ visits: 1 });
    await Promise.all([session.save(), session.save(), session.ensureKey()]);
    session.visits += 1;
    await Promise.all([session.save(), session.save()]);
    expect([await sessions.count(), (await mustLoad(sessions, session.key ?? "")).visits]).toEqual([1, 2]);
  });

  test("a destroy ends what a save is making", async () => {
    const { sessions } = open();
    const session = sessions.create({ userId: 1 });
    const saved = session.save();
    const later = session.destroy();
    const refused = session.save();
    await saved;
    await later;
    await expect(refused).rejects.toMatchObject({ code: "gone" });
    expect(await sessions.count()).toBe(0);
    expect(session.key).toBeNull();
  });

  test("saves and changes of key in one session", async () => {
    const { sessions, key } = await openStored({ visits: 1 });
    const session = await mustLoad(sessions, key);
    session.visits += 1;
    await Promise.all([session.cycleKey(), session.save(), session.cycleKey(), session.touch()]);
    expect(await sessions.count()).toBe(1);
    expect((await mustLoad(sessions, session.key ?? "")).visits).toBe(2);
  });
});

test("a list that holds the key is no key: of `?key=a&key=b` parsers make one", async () => {
  const { sessions, key } = await openStored({});
  expect(await sessions.load([key] as never)).toBeNull();
  expect([await sessions.exists([key] as never), await sessions.exists(key)]).toEqual([false, true]);
});
