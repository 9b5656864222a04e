import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { describe, expect, test } from "vitest";
import { surround } from "../../../runtime/backends/layer.js";
import { cookieHeader, cookieOf, openOver, stored } from "../fixture/open.js";

/**
 * A login whose last step failed, and an hour later a periodic change of the key that it gave, which died before its
 * last steps: the client has the second key, which leads to a third, and two changes are unfinished.
 */
async function twiceUnfinished() {
  let isDying = false;
  let calls: string[] = [];
  let failsIn = Number.POSITIVE_INFINITY;
  const backend = surround(createMemoryBackend(), (method, call, options) => {
    calls.push(method);
    if (calls.length < failsIn) return call(options);
    if (!isDying) failsIn = Number.POSITIVE_INFINITY;
    return Promise.reject(new Error("crash"));
  });
  const { sessions, clock } = openOver(backend, { expiry: { idle: "6h", touchAfter: "5h" } });
  const first = await stored(sessions, { userId: 1 });
  const login = await sessions.fromCookie(cookieHeader(first));
  login.userId = 2;
  [calls, failsIn] = [[], 4];
  await expect(login.save()).rejects.toMatchObject({ code: "unavailable" });
  expect(calls).toEqual(["create", "save", "touch", "save"]);
  const second = login.key ?? "";
  expect(second).not.toBe(first);
  clock.advance("1h");
  const due = await sessions.fromCookie(cookieHeader(second));
  [calls, failsIn, isDying] = [[], 4, true];
  await expect(sessions.commit(due)).rejects.toMatchObject({ code: "unavailable" });
  [failsIn, isDying] = [Number.POSITIVE_INFINITY, false];
  return { sessions, clock, first, second };
}

describe("two changes of key that were not finished", () => {
  test.each([
    ["a change of its life", true],
    ["nothing else", false],
  ])("stay over when the client goes on with the third key, after %s", async (_name, isShortened) => {
    const { sessions, clock, first, second } = await twiceUnfinished();
    const followed = await sessions.fromCookie(cookieHeader(second));
    if (isShortened) followed.setExpiry(3 * 3600);
    const third = /=([^;]+)/.exec(cookieOf(await sessions.commit(followed)) ?? "")?.[1] ?? "";
    expect([first, second, ""]).not.toContain(third);
    const next = await sessions.fromCookie(cookieHeader(third));
    next.visits += 1;
    await sessions.commit(next);
    clock.advance(11);
    await sessions.cleanupExpired();
    const usable = [
      await sessions.exists(first),
      await sessions.exists(second),
      await sessions.exists(third),
    ];
    expect(usable).toEqual([false, false, true]);
    expect(await sessions.count()).toBe(1);
  });
});
