import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { expect, test } from "vitest";
import { mustLoad, openOver, openStored, stored } from "../fixture/open.js";

const { loadNow: _load, saveNow: _save, ...slow } = createMemoryBackend();

test.each([
  ["at once", createMemoryBackend()],
  ["later", slow],
])(
  "an explicit save writes what was marked unmodified also after another request's, %s",
  async (_when, place) => {
    const { sessions } = openOver(place);
    const key = await stored(sessions, { userId: 1 });
    const [session, other] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    session.name = "Ann";
    session.setExpiry(60);
    session.markUnmodified();
    other.visits = 5;
    await other.save();
    await session.save();
    const loaded = await mustLoad(sessions, key);
    expect([loaded.name, loaded.visits, loaded.expiresAt - loaded.createdAt]).toEqual(["Ann", 5, 60_000]);
  },
);

test("a longer life that was marked unmodified is no reason for a touch", async () => {
  const { sessions, key, calls } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry(7200);
  session.markUnmodified();
  await sessions.commit(session);
  expect(calls).toEqual(["load"]);
});

test("a periodic rotation leaves a life alone that was marked unmodified", async () => {
  const { sessions, key, clock } = await openStored({ userId: 1 }, { expiry: { idle: "3h" } });
  clock.advance("61m");
  const session = await mustLoad(sessions, key);
  session.setExpiry(60);
  session.markUnmodified();
  await sessions.commit(session);
  expect(session.key).not.toBe(key);
  expect((await mustLoad(sessions, session.key ?? "")).expiresAt - clock()).toBe(3 * 3_600_000);
});

test("an expiry that was marked unmodified is saved with a later change", async () => {
  const { sessions, key, clock } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry(60);
  session.markUnmodified();
  session.name = "Ann";
  await sessions.commit(session);
  expect((await mustLoad(sessions, key)).expiresAt - clock()).toBe(60_000);
});

test("what was marked unmodified counts no longer once another request has changed it", async () => {
  const { sessions, key } = await openStored({ tags: ["a"] });
  const [session, other] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
  const { tags } = session;
  session.markUnmodified();
  other.tags.push("b");
  await other.save();
  session.name = "Ann";
  await session.save();
  expect([tags, session.isModified]).toEqual([["a", "b"], false]);
  tags.pop();
  await sessions.commit(session);
  expect((await mustLoad(sessions, key)).tags).toEqual(["a"]);
});

test("a change that was marked unmodified and undone leaves nothing behind", async () => {
  const { sessions, key } = await openStored({ name: "Ann" });
  const session = await mustLoad(sessions, key);
  session.name = "Bob";
  session.markUnmodified();
  session.name = "Ann";
  expect(session.isModified).toBe(false);
  await session.save();
  session.name = "Bob";
  await sessions.commit(session);
  expect((await mustLoad(sessions, key)).name).toBe("Bob");
});
