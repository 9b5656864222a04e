import { expect, test } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { brotli } from "../../../runtime/compression/brotli.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { RecentTokens } from "../../../runtime/token/recent-tokens.js";
import type { SessionSeal } from "../../../runtime/types/seal.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";
import { openedToken } from "./opened-token.js";

const keys = randomText(32);
const kind = { ...shopKind, indexes: [], merge: {} };

/** A cookie's seal, and which tokens it was asked to open. */
function watchedSeal(opened: string[]): (cookieName: string) => SessionSeal {
  return (cookieName) => {
    const seal = createCookieBackend({ keys, cookieName });
    const openNow = (token: string) => {
      opened.push(token);
      return seal.openNow?.(token) ?? null;
    };
    return { ...seal, openNow, open: async (token) => openNow(token) };
  };
}

test("a token that comes again and again is opened twice; what the app does to a session is not in the next one", async () => {
  const opened: string[] = [];
  const sessions = openSealedSessions<ShopSession>(kind, {}, watchedSeal(opened));
  const token = await sessions.create({ userId: 42, cart: [{ sku: "a", quantity: 1 }] }).ensureKey();
  for (let time = 0; time < 5; time += 1) {
    const session = await sessions.load(token);
    expect(session?.cart).toEqual([{ sku: "a", quantity: 1 }]);
    session?.cart.push({ sku: "b", quantity: time });
    if (session) session.userId = time;
  }
  expect(opened).toEqual([token, token]);
});

test("a remembered token expires, and shows nothing under another tenant", async () => {
  const clock = fakeClock();
  const sessions = openSealedSessions<ShopSession>(
    { ...kind, tenancy: {} },
    { clock, logger: { warn: () => undefined } },
    watchedSeal([]),
  );
  const [one, other] = [sessions.forTenant("one"), sessions.forTenant("other")];
  const token = await one.create({ userId: 42 }).ensureKey();
  for (let time = 0; time < 3; time += 1) {
    expect(await one.load(token)).toMatchObject({ userId: 42 });
    expect(await other.load(token)).toBeNull();
    expect(await one.load(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`)).toBeNull();
  }
  clock.advance("1000d");
  expect(await one.load(token)).toBeNull();
});

test("a remembered token ends with its session where revocations are kept", async () => {
  const opened: string[] = [];
  const sessions = openSealedSessions<ShopSession>(kind, {}, watchedSeal(opened), createMemoryBackend);
  const token = await sessions.create({ userId: 42 }).ensureKey();
  for (let time = 0; time < 5; time += 1) expect(await sessions.load(token)).toMatchObject({ userId: 42 });
  expect(opened).toEqual([token, token]);
  expect(await sessions.delete(token)).toBe(true);
  expect(await sessions.load(token)).toBeNull();
});

test("a token whose session is over is forgotten, and opened anew should it come", async () => {
  const opened: string[] = [];
  const clock = fakeClock();
  const options = { clock, logger: { warn: () => undefined } };
  const sessions = openSealedSessions<ShopSession>(kind, options, watchedSeal(opened));
  const token = await sessions.create({ userId: 42 }).ensureKey();
  const come = async (times: number) => {
    for (let time = 0; time < times; time += 1) await sessions.load(token);
    return opened.splice(0).length;
  };
  expect(await come(5)).toBe(2);
  clock.advance("1000d");
  expect(await come(3)).toBe(2);
});

test("what another version wrote, of which a part cannot be shown here, is opened each time", async () => {
  const opened: string[] = [];
  const before = openSealedSessions<ShopSession>(kind, {}, watchedSeal([]));
  const token = await before.create({ userId: 42, theme: "dark" }).ensureKey();
  const checkWire = (fields: unknown) =>
    typeof fields === "object" && fields !== null && "theme" in fields
      ? [{ field: "theme", path: "theme", message: "must be number" }]
      : [];
  const next = { ...kind, shapeHash: "next", checkWire };
  const sessions = openSealedSessions<ShopSession>(next, {}, watchedSeal(opened));
  for (let time = 0; time < 4; time += 1) {
    const session = await sessions.load(token);
    expect([session?.userId, session?.theme]).toEqual([42, undefined]);
  }
  expect(opened).toHaveLength(4);
});

test("what is much larger than its token is opened each time", async () => {
  const opened: string[] = [];
  const sessions = openSealedSessions<ShopSession>(
    { ...kind, compression: brotli() },
    {},
    watchedSeal(opened),
  );
  const tokenOf = (theme: string) => sessions.create({ userId: 1, theme }).ensureKey();
  const [small, large] = [await tokenOf("a".repeat(2000)), await tokenOf("a".repeat(60_000))];
  for (let time = 0; time < 5; time += 1) {
    expect((await sessions.load(large))?.theme).toHaveLength(60_000);
    expect((await sessions.load(small))?.theme).toHaveLength(2000);
  }
  expect(opened.filter((token) => token === large)).toHaveLength(5);
  expect(opened.filter((token) => token === small)).toHaveLength(2);
});

test("of a thousand that take turns nearly all are remembered soon", () => {
  const recent = new RecentTokens();
  const tokens = Array.from({ length: 1000 }, () => randomText(300));
  const turn = () => {
    const fresh = tokens.filter((token) => recent.find(token) === undefined);
    for (const token of fresh) recent.keep(token, openedToken("x".repeat(100)));
  };
  for (let time = 0; time < 4; time += 1) turn();
  expect(tokens.filter((token) => recent.find(token) !== undefined).length).toBeGreaterThan(960);
});

test("so many are remembered as make ten million bytes; one that did not come again makes room", () => {
  const recent = new RecentTokens();
  const keep = (token: string, times: number) => {
    for (let time = 0; time < times; time += 1) recent.keep(token, openedToken("x".repeat(5000)));
  };
  const isKept = (token: string) => recent.find(token) !== undefined;
  const tokens = Array.from({ length: 720 }, () => randomText(3072));
  for (const token of tokens) keep(token, 4);
  const kept = tokens.filter(isKept);
  expect(kept.length).toBeGreaterThan(690);
  expect(kept.length * (4096 + 10_000)).toBeLessThan(10_000_000);
  // All have come again just now: each is spared once.
  const late = randomText(3072);
  keep(late, 8 * 690);
  expect(isKept(late)).toBe(false);
  keep(late, 8 * 30);
  expect(isKept(late)).toBe(true);
  // One or two, since room is made for the heaviest.
  expect([1, 2]).toContain(kept.length - kept.filter(isKept).length);
});
