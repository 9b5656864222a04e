import { expect, test } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { shopKind } from "../../suites/shop-kind.js";

const keys = randomText(32);
const kind = { ...shopKind, indexes: [], merge: {} };
const createSeal = (cookieName: string) => createCookieBackend({ keys, cookieName });
const sessions = openSealedSessions(kind, {}, createSeal);
const cookie = `__Host-session=${await sessions.create({ userId: 42 }).ensureKey()}`;

test("a cookie is read, and written, in the turn of its request", async () => {
  const session = sessions.openNow(cookie);
  if (session instanceof Promise) throw new Error("It is waited for.");
  expect(session.userId).toBe(42);
  session.userId = 43;
  const headers = sessions.commitNow(session, {});
  if (headers instanceof Promise) throw new Error("It is waited for.");
  const [, value] = headers.find(([name]) => name === "Set-Cookie") ?? [];
  expect(sessions.openNow(value?.split(";")[0])).toMatchObject({ userId: 43 });
});

test("what no cookie holds fails the request, and is kept by the session", async () => {
  const session = sessions.openNow(cookie);
  if (session instanceof Promise) throw new Error("It is waited for.");
  session.theme = randomText(4096);
  await expect(sessions.commitNow(session, {})).rejects.toMatchObject({ code: "too-large" });
  expect(session.isModified).toBe(true);
});

test("where revocations are kept, they are asked", async () => {
  const revocable = openSealedSessions(kind, {}, createSeal, createMemoryBackend);
  const found = revocable.openNow(cookie);
  expect(found).toBeInstanceOf(Promise);
  expect(await found).toMatchObject({ userId: 42 });
});
