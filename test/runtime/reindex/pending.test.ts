import { expect, test } from "vitest";
import { type BackendMethod, surround } from "../../../runtime/backends/layer.js";
import { type ReindexReport, reindexSessions } from "../../../runtime/index.js";
import { fakeClock } from "../../../runtime/testing/clock.js";
import type { ShopSession } from "../../suites/shop-kind.js";
import { after, before, openVersion, stores } from "./versions.js";

type Hook = (method: BackendMethod) => Promise<void>;

/** A session of a version without the index on `userId`, whose calls can be interrupted, and the version that has it. */
async function open(every?: "1m") {
  const store = stores.memory();
  const clock = fakeClock(Date.now());
  const hooks: { before: Hook; after: Hook } = { before: async () => {}, after: async () => {} };
  const hooked = async () =>
    surround(await store(), async (method, call, options) => {
      await hooks.before(method);
      const answer = await call(options);
      await hooks.after(method);
      return answer;
    });
  const rotation = every === undefined ? false : { every };
  const old = await openVersion(hooked, before, { clock, rotation });
  const session = old.sessions.create({ userId: 1, visits: 3 });
  await session.save();
  const now = await openVersion(store, after, { clock });
  return { clock, hooks, old, now, session, key: session.key ?? "" };
}

/** After so many calls of one method, once. */
function once(wanted: BackendMethod, work: () => Promise<unknown>): Hook {
  let isDone = false;
  return async (method) => {
    if (method !== wanted || isDone) return;
    isDone = true;
    await work();
  };
}

const crash = async (): Promise<never> => {
  throw new Error("crash");
};

async function changeKey(session: ShopSession): Promise<string> {
  await session.cycleKey();
  return session.key ?? "";
}

test("a session whose change of key was cut off is found by the new index: to be listed, and to be revoked", async () => {
  for (const isRevoked of [true, false]) {
    const { clock, hooks, now, session, key } = await open();
    hooks.before = once("touch", crash);
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
    clock.advance(61);
    expect(await reindexSessions(now)).toMatchObject({ outcome: "complete" });
    now.calls.length = 0;
    if (isRevoked) expect(await now.sessions.revoke({ userId: 1 })).toBe(1);
    expect(await now.sessions.exists(key)).toBe(!isRevoked);
    expect(await now.sessions.count({ userId: 1 })).toBe(isRevoked ? 0 : 1);
    expect(now.calls).not.toContain("scan");
  }
});

const moments = [
  ["before", "touch"],
  ["after", "touch"],
] as const;

test.each(moments)("a change of key goes on over a reindex %s its %s", async (moment, method) => {
  const { clock, hooks, now, session, key } = await open();
  const reports: ReindexReport[] = [];
  hooks[moment] = once(method, async () => reports.push(await reindexSessions(now)));
  const next = await changeKey(session);
  expect(reports).toMatchObject([{ outcome: "complete" }]);
  expect([await now.sessions.exists(key), await now.sessions.exists(next)]).toEqual([false, true]);
  clock.advance(61);
  expect([await now.sessions.exists(key), (await now.sessions.load(next))?.visits]).toEqual([false, 3]);
  expect(await now.sessions.count({ userId: 1 })).toBe(1);
});

test("one that was cut off before a reindex is undone after it, and one that was followed lives on", async () => {
  for (const every of ["1m", undefined] as const) {
    const { clock, hooks, old, now, session, key } = await open(every);
    if (every !== undefined) clock.advance(61);
    hooks.before = once("touch", crash);
    const change = every === undefined ? session.cycleKey() : old.sessions.commit(session);
    await expect(change).rejects.toMatchObject({ code: "unavailable" });
    expect(await reindexSessions(now)).toMatchObject({ outcome: "complete", updated: 2 });
    clock.advance(11);
    const found = await now.sessions.load(key);
    expect([found?.visits, found?.key === key]).toEqual([3, every === undefined]);
    clock.advance(61);
    expect([await now.sessions.exists(found?.key ?? ""), await now.sessions.count({ userId: 1 })]).toEqual([
      true,
      1,
    ]);
  }
});

test("so does one of which an answer was lost, and was written anew before that was known", async () => {
  const { hooks, now, session, key } = await open();
  hooks.after = once("save", async () => {
    await reindexSessions(now);
    await crash();
  });
  await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
  const next = await changeKey(session);
  expect([await now.sessions.exists(key), (await now.sessions.load(next))?.visits]).toEqual([false, 3]);
});
