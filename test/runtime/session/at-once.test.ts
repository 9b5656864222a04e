import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { expect, test } from "vitest";
import { createSessions } from "../fixture/generated/index.js";
import { mustLoad, stored } from "../fixture/open.js";

async function openTwice() {
  const sessions = createSessions({ backend: createMemoryBackend() });
  const key = await stored(sessions, { visits: 1, tags: ["a"] });
  const load = () => mustLoad(sessions, key);
  return { sessions, key, load, first: await load(), second: await load() };
}

test("what memory keeps is written in the turn in which a request ends", async () => {
  const { sessions, first, load } = await openTwice();
  first.visits = 2;
  const headers = sessions.commitNow(first, {});
  expect(headers).not.toBeInstanceOf(Promise);
  expect(JSON.stringify(headers)).toContain("Set-Cookie");
  expect([first.isModified, (await load()).visits]).toEqual([false, 2]);
});

test("one that others have written meanwhile is merged with, in the same turn", async () => {
  const { sessions, first, second, load } = await openTwice();
  first.visits += 1;
  first.tags.push("b");
  second.visits += 1;
  second.tags.push("c");
  expect(sessions.commitNow(first, {})).not.toBeInstanceOf(Promise);
  expect(sessions.commitNow(second, {})).not.toBeInstanceOf(Promise);
  const { visits, tags } = await load();
  expect([visits, tags.sort()]).toEqual([3, ["a", "b", "c"]]);
  expect(second.visits).toBe(3);
});

test("what cannot be saved rejects, and fails the request that did not wait for it", async () => {
  const { sessions, key, first, second } = await openTwice();
  first.visits = -1.5;
  const saving = first.save();
  await expect(sessions.commit(first)).rejects.toMatchObject({ code: "invalid" });
  await expect(saving).rejects.toMatchObject({ code: "invalid" });
  await sessions.delete(key);
  second.visits = 7;
  void second.save();
  await expect(sessions.commit(second)).rejects.toMatchObject({ code: "gone" });
});

test("a session that was ended elsewhere is no failure of a request that only moved its key on", async () => {
  const { sessions, key, load } = await openTwice();
  const rotated = await load();
  await rotated.cycleKey();
  rotated.visits = 5;
  await rotated.save();
  expect(await sessions.load(key)).toBeNull();
  expect((await mustLoad(sessions, rotated.key ?? "")).visits).toBe(5);
});

test("memory that is closed is written to by nobody", async () => {
  const backend = createMemoryBackend();
  const sessions = createSessions({ backend });
  const session = await mustLoad(sessions, await stored(sessions));
  await backend.close?.();
  session.visits = 3;
  await expect(session.save()).rejects.toMatchObject({ code: "unavailable" });
  expect(session.isModified).toBe(true);
});
