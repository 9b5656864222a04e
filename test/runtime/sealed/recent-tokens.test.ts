import { expect, test } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import type { SessionSeal } from "../../../runtime/backends/seal.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { RecentTokens } from "../../../runtime/token/recent-tokens.js";
import type { StoredSession } from "../../../runtime/token/token-store.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";

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

test("of a thousand that take turns nearly all are remembered soon", () => {
  const recent = new RecentTokens();
  const tokens = Array.from({ length: 1000 }, () => randomText(300));
  const turn = () => {
    const fresh = tokens.filter((token) => recent.find(token) === undefined);
    for (const token of fresh) recent.keep(token, { tenant: null, stored: {} as StoredSession });
  };
  for (let time = 0; time < 4; time += 1) turn();
  expect(tokens.filter((token) => recent.find(token) !== undefined).length).toBeGreaterThan(960);
});

test("so many are remembered as make two million characters; one that did not come again makes room", () => {
  const recent = new RecentTokens();
  const opened = { tenant: null, stored: {} as StoredSession };
  const keep = (token: string, times: number) => {
    for (let time = 0; time < times; time += 1) recent.keep(token, opened);
  };
  const isKept = (token: string) => recent.find(token) !== undefined;
  const tokens = Array.from({ length: 512 }, () => randomText(3072));
  for (const token of tokens) keep(token, 4);
  expect(tokens.filter(isKept)).toEqual(tokens);
  // All have come again just now: each is spared once.
  const late = randomText(3072);
  keep(late, 8 * 500);
  expect(isKept(late)).toBe(false);
  keep(late, 8 * 20);
  expect([isKept(late), tokens.filter(isKept).length]).toEqual([true, 511]);
});
