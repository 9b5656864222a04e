import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { type FailingPlan, failingBackend } from "@session-gen/runtime/testing";
import { describe, expect, test } from "vitest";
import type { SessionPatch } from "../fixture/generated/index.js";
import { cookieHeader, cookieOf, mustLoad, openOver, stored } from "../fixture/open.js";

const unavailable = expect.objectContaining({ code: "unavailable" });

/** A stored session loaded by one request, over a backend that fails as the plan says from then on. */
async function loaded(data: SessionPatch = { visits: 10, points: 10n, tags: ["a"] }) {
  const plan: FailingPlan = {};
  const opened = openOver(failingBackend(createMemoryBackend(), plan));
  const key = await stored(opened.sessions, data);
  const load = () => mustLoad(opened.sessions, key);
  const writeByOthers = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      const other = await load();
      other.visits += 100;
      await other.save();
    }
  };
  return { ...opened, plan, key, load, writeByOthers, session: await load() };
}

describe("a save whose answer is lost", () => {
  test("is found by the next save, and not made twice", async () => {
    const { session, plan, load, calls } = await loaded();
    session.visits += 1;
    session.points += 5n;
    session.cart.push({ sku: "mine", quantity: 1 });
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    expect([session.visits, session.isModified]).toEqual([11, true]);
    calls.length = 0;
    await session.save();
    expect(calls).toEqual(["save", "load"]);
    const expected = { visits: 11, points: 15n, cart: [{ sku: "mine", quantity: 1 }] };
    expect((await load()).toObject()).toMatchObject(expected);
    expect(session.toObject()).toMatchObject(expected);
    expect(session.isModified).toBe(false);
  });

  test("takes what the app changed since along", async () => {
    const { session, plan, load } = await loaded();
    session.visits += 1;
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    session.visits += 2;
    session.name = "later";
    await session.save();
    expect((await load()).toObject()).toMatchObject({ visits: 13, name: "later" });
  });

  test.each([1, 2, 7])("is found though others wrote %i times since", async (times) => {
    const { session, plan, load, writeByOthers } = await loaded({ visits: 10 });
    session.visits += 1;
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    await writeByOthers(times);
    await session.save();
    expect([(await load()).visits, session.visits]).toEqual([11 + 100 * times, 11 + 100 * times]);
  });

  test("is a conflict when it cannot be found any more, until the session is read again", async () => {
    const { session, plan, load, writeByOthers } = await loaded({ visits: 10 });
    session.visits += 1;
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    await writeByOthers(8);
    for (let time = 0; time < 2; time += 1) {
      await expect(session.save()).rejects.toMatchObject({ code: "conflict" });
    }
    await session.reload();
    expect(session.visits).toBe(811);
    session.visits += 1;
    await session.save();
    expect((await load()).visits).toBe(812);
  });

  test("is simply repeated then, if repeating it changes nothing", async () => {
    const { session, plan, load, writeByOthers } = await loaded({ visits: 10 });
    session.name = "mine";
    session.tags = ["b"];
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    await writeByOthers(9);
    await session.save();
    expect((await load()).toObject()).toMatchObject({ name: "mine", tags: ["b"], visits: 910 });
  });

  test("two of them, with a write of another in between", async () => {
    const { session, plan, load, writeByOthers } = await loaded({ visits: 10 });
    // The first write of mine is 1, the others' is 2, then 3 is refused and 4 is mine again.
    plan.save = (call) => (call === 1 || call === 4 ? "lose-answer" : "pass");
    session.visits += 1;
    await expect(session.save()).rejects.toThrow(unavailable);
    await writeByOthers(1);
    session.visits += 2;
    await expect(session.save()).rejects.toThrow(unavailable);
    expect((await load()).visits).toBe(113);
    await session.save();
    expect((await load()).visits).toBe(113);
  });

  test.each([1, 7])("one that was never made is made, though others wrote %i times", async (times) => {
    const { session, plan, load, writeByOthers } = await loaded({ visits: 10 });
    session.visits += 1;
    plan.save = ["reject"];
    await expect(session.save()).rejects.toThrow(unavailable);
    await writeByOthers(times);
    await session.save();
    expect((await load()).visits).toBe(11 + 100 * times);
  });
});

describe("a creation whose answer is lost", () => {
  test("leaves one session, with what was changed since", async () => {
    const { sessions, plan } = await loaded();
    plan.create = (call) => (call === 2 ? "lose-answer" : "pass");
    const session = sessions.create({ userId: 7, visits: 1 });
    await expect(session.save()).rejects.toThrow(unavailable);
    expect([session.key, session.isNew]).toEqual([null, true]);
    session.visits += 1;
    await session.save();
    expect(await sessions.count({ userId: 7 })).toBe(1);
    expect((await mustLoad(sessions, session.key ?? "")).toObject()).toMatchObject({ userId: 7, visits: 2 });
    expect(cookieOf(await sessions.commit(session))).toContain(session.key);
  });

  test("one that was never made is made once", async () => {
    const { sessions, plan } = await loaded();
    plan.create = (call) => (call === 2 ? "reject" : "pass");
    const session = sessions.create({ userId: 7 });
    await expect(session.save()).rejects.toThrow(unavailable);
    await session.save();
    expect(await sessions.count({ userId: 7 })).toBe(1);
  });
});

describe("a rotation whose answer is lost", () => {
  const rotations = ["create", "save", "touch"] as const;

  test.each(rotations)("in %s: the next save of a login finds it", async (method) => {
    const { sessions, session, plan, key, clock } = await loaded({ visits: 10 });
    session.userId = 5;
    session.visits += 1;
    plan[method] = (call) => (call === (method === "create" ? 2 : 1) ? "lose-answer" : "pass");
    await expect(session.save()).rejects.toThrow(unavailable);
    await session.save();
    expect(session.key).not.toBe(key);
    expect(cookieOf(await sessions.commit(session))).toContain(session.key);
    const again = await sessions.fromCookie(cookieHeader(session.key ?? ""));
    expect(again.toObject()).toMatchObject({ userId: 5, visits: 11 });
    await sessions.commit(again);
    clock.advance("2m");
    expect([await sessions.exists(key), await sessions.count({ userId: 5 })]).toEqual([false, 1]);
  });

  test.each(rotations)("in %s: cycleKey again leaves one key", async (method) => {
    const { sessions, session, plan, key, clock } = await loaded({ visits: 10 });
    session.visits += 1;
    plan[method] = (call) => (call === (method === "create" ? 2 : 1) ? "lose-answer" : "pass");
    await expect(session.cycleKey()).rejects.toThrow(unavailable);
    await session.cycleKey();
    expect((await mustLoad(sessions, session.key ?? "")).visits).toBe(11);
    clock.advance("2m");
    expect([await sessions.exists(key), await sessions.count()]).toEqual([false, 1]);
  });

  test("the next save takes the steps that were left: a full life, and an end of the old key", async () => {
    const { sessions, session, plan, key, clock } = await loaded({ visits: 10 });
    session.userId = 5;
    plan.save = ["lose-answer"];
    await expect(session.save()).rejects.toThrow(unavailable);
    await session.save();
    expect(session.expiresAt).toBe(clock() + 3_600_000);
    for (const seconds of [0.001, 11, 40, 3500]) {
      clock.advance(seconds);
      expect([await sessions.exists(key), await sessions.exists(session.key ?? "")]).toEqual([false, true]);
    }
  });

  test("a logout meanwhile is final", async () => {
    for (const failure of ["lose-answer", "reject"] as const) {
      const { sessions, session, plan, key } = await loaded({ visits: 10 });
      plan.save = [failure];
      await expect(session.cycleKey()).rejects.toThrow(unavailable);
      await sessions.revokeAll();
      await expect(session.cycleKey()).rejects.toMatchObject({ code: "gone" });
      expect([session.key, await sessions.exists(key), await sessions.count()]).toEqual([null, false, 0]);
    }
  });
});

describe("a write that succeeds after its deadline", () => {
  /** A session one write of which is held back past the deadline. */
  async function late(method: "create" | "save") {
    let release: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      release = resolve;
    });
    const plan: FailingPlan = {};
    const { sessions } = openOver(failingBackend(createMemoryBackend(), plan), { deadline: 0.02 });
    const key = await stored(sessions, { visits: 10 });
    const load = () => mustLoad(sessions, key);
    plan[method] = (call) => (call === (method === "create" ? 2 : 1) ? { wait } : "pass");
    const arrive = async () => {
      release();
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    return { sessions, load, arrive };
  }

  test.each(["before", "after"])("%s it was made again changes nothing", async (when) => {
    const { load, arrive } = await late("save");
    const session = await load();
    session.visits += 1;
    await expect(session.save()).rejects.toMatchObject({ code: "timeout" });
    expect((await load()).visits).toBe(10);
    if (when === "before") await arrive();
    await session.save();
    if (when === "after") await arrive();
    expect([(await load()).visits, session.visits]).toEqual([11, 11]);
  });

  test("does not undo what another wrote, and is made on top of it", async () => {
    const { load, arrive } = await late("save");
    const session = await load();
    session.visits += 1;
    await expect(session.save()).rejects.toMatchObject({ code: "timeout" });
    const other = await load();
    other.visits += 100;
    await other.save();
    await arrive();
    await session.save();
    expect((await load()).visits).toBe(111);
  });

  test("a creation leaves its session under the one key that was given out", async () => {
    const { sessions, arrive } = await late("create");
    const session = sessions.create({ userId: 7 });
    await expect(session.save()).rejects.toMatchObject({ code: "timeout" });
    await arrive();
    await session.save();
    expect([await sessions.exists(session.key ?? ""), await sessions.count({ userId: 7 })]).toEqual([
      true,
      1,
    ]);
  });
});
