import { expect, test } from "vitest";
import { indexStates, reindexSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { shopKind } from "../../suites/shop-kind.js";
import { after, before, openVersion, stores, type Version } from "./versions.js";

async function create({ sessions }: Version, userId: number): Promise<string> {
  const session = sessions.create({ userId });
  await session.save();
  return session.key ?? "";
}

async function change({ sessions }: Version, key: string, userId: number): Promise<void> {
  const session = await sessions.load(key);
  session?.update({ userId });
  await session?.save();
}

const isFinished = async (version: Version): Promise<boolean> =>
  (await indexStates(version)).every(({ isComplete }) => isComplete);

test.each(Object.entries(stores))(
  "%s: every session is found before a reindex, while an older version writes, and after it",
  async (_name, make) => {
    const open = make();
    const old = await openVersion(open, before);
    const [kept, moved, gone] = [await create(old, 1), await create(old, 1), await create(old, 2)];
    const now = await openVersion(open, after);
    const count = async (userId: number): Promise<number> => now.sessions.count({ userId });
    await change(now, moved, 1);
    // The older version leaves an index as it was, or takes it away; what is in the session decides.
    await change(old, moved, 3);
    expect([await count(1), await count(2), await count(3)]).toEqual([1, 1, 1]);
    expect(await now.sessions.revoke({ userId: 2 })).toBe(1);
    expect(await now.sessions.exists(gone)).toBe(false);
    expect(await isFinished(now)).toBe(false);

    const handle = (await now.sessions.load(kept))?.handle ?? "";
    const record = await now.backend.load(handle);
    const report = await reindexSessions({ ...now, batchSize: 1 });
    expect(report).toMatchObject({ outcome: "complete", sessions: 2, updated: 2, unreadable: 0 });
    const { indexed: _indexed, revision = 0, writeId: _write, ...same } = record ?? {};
    expect(await now.backend.load(handle)).toMatchObject({ ...same, revision: revision + 1 });
    expect(await isFinished(now)).toBe(true);
    now.calls.length = 0;
    expect([await count(1), await count(2), await count(3)]).toEqual([1, 0, 1]);
    expect(now.calls).not.toContain("scan");
    // Nothing is left to do.
    expect(await reindexSessions(now)).toMatchObject({ outcome: "complete", passes: 1, updated: 0 });

    // A rollback: the older version says, at its first write, that it does not keep the index.
    const again = await openVersion(open, before);
    await change(again, kept, 4);
    // What a cache shows may be as old as twice the deadline.
    await expect.poll(() => isFinished(now)).toBe(false);
    expect([await count(1), await count(4)]).toEqual([0, 1]);
    for (const version of [old, now, again]) await version.backend.close?.();
  },
);

test.each(Object.entries(stores))(
  "%s: a reindex takes nothing from those who write meanwhile",
  async (_name, make) => {
    const open = make();
    const old = await openVersion(open, before);
    const keys = await Promise.all(Array.from({ length: 12 }, () => create(old, 1)));
    const now = await openVersion(open, after);
    const touched = new Map<string, number>();
    let isOver = false;
    const write = async (key: string): Promise<void> => {
      for (let turn = 0; !isOver && turn < 40; turn++) {
        const session = await now.sessions.load(key);
        if (session === null) throw new Error("a session is gone");
        if (turn % 2 === 0) await session.touch();
        else {
          session.update({ userId: 5 + (turn % 3) });
          await session.save();
        }
        touched.set(key, session.expiresAt);
      }
    };
    const writers = keys.slice(0, 4).map(write);
    const report = await reindexSessions({ ...now, batchSize: 5 });
    isOver = true;
    await Promise.all(writers);
    expect(report.outcome).toBe("complete");
    for (const [key, expiresAt] of touched)
      expect((await now.sessions.load(key))?.expiresAt).toBeGreaterThanOrEqual(expiresAt);
    for (const userId of [1, 5, 6, 7]) {
      const loaded = await Promise.all(keys.map((key) => now.sessions.load(key)));
      const wanted = loaded.filter((session) => session?.userId === userId).length;
      expect(await now.sessions.count({ userId }), String(userId)).toBe(wanted);
    }
    for (const version of [old, now]) await version.backend.close?.();
  },
);

test("a version that no longer keeps an index says so to those that do", async () => {
  const open = stores.memory();
  const old = await openVersion(open, { indexes: ["userId"] });
  await create(old, 1);
  expect(await old.sessions.count({ userId: 1 })).toBe(1);
  expect(old.calls).not.toContain("scan");
  const next = await openVersion(open, { indexes: [], endedIndexes: ["userId"] });
  await create(next, 1);
  expect(await old.sessions.count({ userId: 1 })).toBe(2);
  expect(await reindexSessions(old)).toMatchObject({ outcome: "complete", updated: 1 });
  old.calls.length = 0;
  expect([await old.sessions.count({ userId: 1 }), old.calls.includes("scan")]).toEqual([2, false]);
});

test("while an older version keeps writing, a reindex does not say that it is done", async () => {
  const open = stores.memory();
  const old = await openVersion(open, before);
  const key = await create(old, 1);
  const now = await openVersion(open, after);
  let turn = 0;
  const late = {
    ...now.backend,
    save: async (...args: Parameters<typeof now.backend.save>) => {
      const answer = await now.backend.save(...args);
      await change(old, key, 2 + turn++);
      return answer;
    },
  };
  const report = await reindexSessions({ ...now, backend: late, passes: 3 });
  expect(report).toMatchObject({ outcome: "changing", passes: 3, updated: 3 });
  expect(await isFinished(now)).toBe(false);
});

test("stopped, it goes on where it is called again", async () => {
  const open = stores.memory();
  const old = await openVersion(open, before);
  for (let user = 0; user < 4; user++) await create(old, 1);
  const now = await openVersion(open, after);
  const stop = new AbortController();
  const first = await reindexSessions({
    ...now,
    batchSize: 2,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(first).toMatchObject({ outcome: "stopped", updated: 2 });
  expect(await isFinished(now)).toBe(false);
  expect(await reindexSessions(now)).toMatchObject({ outcome: "complete", updated: 2 });
});

test("sessions are found, and encrypted, under the newest key, so that the old one can go", async () => {
  const open = stores.memory();
  const [first, second] = [randomText(32), randomText(32)];
  const encrypted = { ...before, indexes: ["userId"], encryption: { keys: "" } };
  const old = await openVersion(open, encrypted, { keys: first });
  const key = await create(old, 1);
  const both = await openVersion(open, encrypted, { keys: [second, first] });
  expect(await both.sessions.count({ userId: 1 })).toBe(1);
  expect(await reindexSessions(both)).toMatchObject({ outcome: "complete", updated: 1, unreadable: 0 });
  const only = await openVersion(open, encrypted, { keys: second });
  expect([await only.sessions.count({ userId: 1 }), (await only.sessions.load(key))?.userId]).toEqual([1, 1]);
});

test("an index is told by the name of its field, which may be stored under another", async () => {
  const { userId, ...others } = shopKind.shape;
  const shape = { ...others, ...(userId && { userId: { ...userId, stored: "user" } }) };
  const version = await openVersion(stores.memory(), { shape, indexes: ["userId"] });
  expect(await indexStates(version)).toEqual([{ field: "userId", isComplete: true }]);
});

test("what cannot be walked over, or found by an index, is refused", async () => {
  const { sessions, backend } = await openVersion(stores.memory(), after);
  const { find, scan } = backend.abilities;
  for (const abilities of [{ find }, { scan }])
    await expect(reindexSessions({ sessions, backend: { ...backend, abilities } })).rejects.toMatchObject({
      code: "unsupported",
    });
  await expect(reindexSessions({ sessions, backend, batchSize: 0 })).rejects.toMatchObject({
    code: "invalid",
  });
});
