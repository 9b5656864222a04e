import { expect, test } from "vitest";
import { cookieHeader, cookieOf, mustLoad, open, openStored, stored } from "../fixture/open.js";

const hour = 3_600_000;
const day = 24 * hour;

test("an hour idle, fourteen days in all", async () => {
  const { sessions, clock, key } = await openStored();
  const session = await mustLoad(sessions, key);
  expect(session.expiresAt - session.createdAt).toBe(hour);
  clock.advance(hour / 1000 - 1);
  expect(await sessions.load(key)).not.toBeNull();
  clock.advance(1);
  expect([await sessions.load(key), await sessions.exists(key)]).toEqual([null, false]);
});

test("activity slides the idle limit until the absolute one", async () => {
  const { sessions, clock, key } = await openStored({}, { rotation: false });
  const { createdAt } = await mustLoad(sessions, key);
  for (let passed = 0; passed < 14 * day; passed += hour / 2) {
    const session = await mustLoad(sessions, key);
    await sessions.commit(session);
    expect(session.expiresAt).toBe(Math.min(clock() + hour, createdAt + 14 * day));
    clock.advance("30m");
  }
  expect(await sessions.load(key)).toBeNull();
});

test("reading is no activity until touchAfter; then one touch, with a cookie", async () => {
  const { sessions, clock, calls, key } = await openStored({}, { expiry: { idle: "1h", touchAfter: "10m" } });
  clock.advance(599);
  const early = await sessions.fromCookie(cookieHeader(key));
  expect(early.visits).toBe(0);
  expect(cookieOf(await sessions.commit(early))).toBeNull();
  expect(calls).toEqual(["load"]);
  clock.advance(1);
  const late = await sessions.fromCookie(cookieHeader(key));
  const cookie = cookieOf(await sessions.commit(late));
  expect(cookie).toContain("Max-Age=3600");
  expect(calls).toEqual(["load", "load", "touch"]);
});

test("seconds slide, survive reload, and the cookie says what is left", async () => {
  const { sessions, clock, key } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry(120);
  expect(session.expiresAt).toBe(clock() + 120_000);
  await session.save();
  await session.reload();
  clock.advance("1m");
  const later = await mustLoad(sessions, key);
  later.name = "Ann";
  expect(cookieOf(await sessions.commit(later))).toContain("Max-Age=120");
  expect(later.expiresAt).toBe(clock() + 120_000);
  clock.advance("2m");
  expect(await sessions.load(key)).toBeNull();
});

test("a short life is touched by the same share of it", async () => {
  const { sessions, clock, calls, key } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry(60);
  await session.save();
  clock.advance(5);
  calls.length = 0;
  await sessions.commit(await mustLoad(sessions, key));
  expect(calls).toEqual(["load", "touch"]);
});

test("a Date is the end, whatever happens", async () => {
  const { sessions, clock, key } = await openStored();
  const end = clock() + 5 * hour;
  const session = await mustLoad(sessions, key);
  session.setExpiry(new Date(end));
  await session.save();
  clock.advance("2h");
  const later = await mustLoad(sessions, key);
  await later.touch();
  expect(later.expiresAt).toBe(end);
  later.name = "Ann";
  await later.save();
  expect(later.expiresAt).toBe(end);
  clock.set(end);
  expect(await sessions.load(later.key ?? "")).toBeNull();
});

test("browser sends no Max-Age and keeps the idle time of the server", async () => {
  const { sessions, clock, key } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry("browser");
  const cookie = cookieOf(await sessions.commit(session));
  expect(cookie).toContain(key);
  expect(cookie).not.toMatch(/max-age|expires/i);
  expect(session.expiresAt).toBe(clock() + hour);
  clock.advance("30m");
  const later = await mustLoad(sessions, key);
  expect(cookieOf(await sessions.commit(later))).not.toMatch(/max-age|expires/i);
});

test("null returns to the default", async () => {
  const { sessions, clock, key } = await openStored();
  const session = await mustLoad(sessions, key);
  session.setExpiry(5);
  await session.save();
  session.setExpiry(null);
  await session.save();
  expect((await mustLoad(sessions, key)).expiresAt).toBe(clock() + hour);
});

test("the absolute limit bounds every choice", async () => {
  const { sessions, clock } = open({ expiry: { absolute: "2h" } });
  for (const choice of [7 * 86_400, new Date(clock() + 9 * day), 2 ** 31, new Date("2100-01-01")]) {
    const session = sessions.create({ userId: 1 });
    session.setExpiry(choice);
    await session.save();
    expect((await mustLoad(sessions, session.key ?? "")).expiresAt).toBe(clock() + 2 * hour);
  }
});

test.each([
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  8.64e15,
  new Date(Number.NaN),
  new Date(0),
  "1h" as "browser",
  undefined as unknown as null,
])("setExpiry(%s) is refused", (choice) => {
  const { sessions } = open();
  expect(() => sessions.create().setExpiry(choice)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("a fraction of a millisecond is a life all the same", async () => {
  const { sessions, clock } = open();
  const session = sessions.create({ userId: 1 });
  session.setExpiry(1e-9);
  await session.save();
  expect(session.expiresAt).toBe(clock() + 1);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, "0s", "1 h", "101y" as "1d"] as const)(
  "a policy of %s is refused at start",
  (idle) => {
    expect(() => open({ expiry: { idle: idle as 1 } })).toThrow(expect.objectContaining({ code: "config" }));
    expect(() => open({ expiry: { absolute: idle as 1 } })).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  },
);

test("touchAfter above idle is refused at start", () => {
  expect(() => open({ expiry: { idle: "1m", touchAfter: "2m" } })).toThrow(/touchAfter/);
});

test("2^31 ms and the year 2100 are times like any other", async () => {
  const { sessions, clock } = open({ expiry: { idle: 2 ** 31 / 1000, absolute: "36500d" } });
  const session = sessions.create({ userId: 1 });
  await session.save();
  expect(session.expiresAt).toBe(clock() + 2 ** 31);
  session.setExpiry(new Date("2100-01-01"));
  await session.save();
  expect((await mustLoad(sessions, session.key ?? "")).expiresAt).toBe(Date.UTC(2100, 0, 1));
});

test("an expired session is not saved back, touched or rotated", async () => {
  const { sessions, clock, calls, key } = await openStored();
  const acts = ["save", "touch", "cycleKey"] as const;
  const held = await Promise.all(acts.map(() => mustLoad(sessions, key)));
  clock.advance("1h");
  calls.length = 0;
  for (const [index, act] of acts.entries()) {
    const session = held[index];
    if (act === "save" && session) session.name = "Ann";
    await expect(session?.[act]()).rejects.toMatchObject({ code: "gone" });
  }
  expect(calls).toEqual([]);
});

test("a request that only read is not failed by an expiry on the way", async () => {
  const { sessions, clock, calls, key } = await openStored();
  const session = await mustLoad(sessions, key);
  expect(session.userId).toBe(1);
  clock.advance("2h");
  expect(cookieOf(await sessions.commit(session))).toBeNull();
  expect(calls).toEqual(["load"]);
});

test("a touch does not undo a setExpiry of another request", async () => {
  const { sessions, clock, key } = await openStored();
  clock.advance("30m");
  const reader = await mustLoad(sessions, key);
  const chooser = await mustLoad(sessions, key);
  chooser.setExpiry(60);
  await chooser.save();
  await sessions.commit(reader);
  expect((await mustLoad(sessions, key)).expiresAt).toBe(clock() + 60_000);
  await reader.touch();
  expect((await mustLoad(sessions, key)).expiresAt).toBe(clock() + 60_000);
});

test("a new key keeps createdAt, and with it the absolute limit", async () => {
  const { sessions, clock } = open({ expiry: { absolute: "2h" } });
  const key = await stored(sessions);
  clock.advance("50m");
  const session = await mustLoad(sessions, key);
  const { createdAt } = session;
  await session.cycleKey();
  expect([session.createdAt, session.expiresAt]).toEqual([createdAt, clock() + hour]);
  clock.advance("50m");
  const later = await mustLoad(sessions, session.key ?? "");
  await later.touch();
  expect([later.createdAt, later.expiresAt]).toEqual([createdAt, createdAt + 2 * hour]);
});
