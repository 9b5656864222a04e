import fc from "fast-check";
import { expect, test } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { brotli } from "../../../runtime/compression/brotli.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { RecentTokens } from "../../../runtime/token/recent-tokens.js";
import type { SessionSeal } from "../../../runtime/types/seal.js";
import { loadFixtureModel, sessionData } from "../../suites/codec-fixture.js";
import { everyCodec } from "../../suites/every-codec.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";
import { Session } from "../fixture/generated/index.js";
import { shape } from "../fixture/generated/shape.js";
import { checkWire } from "../fixture/generated/validate.js";
import { mustLoad } from "../fixture/open.js";
import { openedToken } from "./opened-token.js";

const keys = randomText(32);

/** Sessions whose seal notes which tokens it was asked to open. */
function openWatched(opened: string[], format: Pick<typeof shopKind, "compression"> = {}) {
  const createSeal = (cookieName: string): SessionSeal => {
    const seal = createCookieBackend({ keys, cookieName });
    const openNow = (token: string) => {
      opened.push(token);
      return seal.openNow?.(token) ?? null;
    };
    return { ...seal, openNow, open: async (token) => openNow(token) };
  };
  const kind = { ...shopKind, indexes: [], merge: {}, ...format };
  return openSealedSessions<ShopSession>(kind, {}, createSeal);
}

test("of a session that each request changes two tokens are opened, and those that follow are remembered", async () => {
  const opened: string[] = [];
  const sessions = openWatched(opened);
  const tokens = [await sessions.create({ userId: 42 }).ensureKey()];
  for (let visits = 1; visits < 10; visits += 1) {
    const session = await sessions.open(tokens.at(-1));
    session.visits += 1;
    await session.save();
    expect([session.userId, session.visits]).toEqual([42, visits]);
    tokens.push(session.key ?? "");
  }
  expect(opened).toEqual(tokens.slice(0, 2));
});

test("the token before opens to what it holds", async () => {
  const opened: string[] = [];
  const sessions = openWatched(opened);
  const token = await sessions.create({ visits: 1 }).ensureKey();
  for (let time = 0; time < 3; time += 1) await sessions.load(token);
  const [one, other] = [await sessions.open(token), await sessions.open(token)];
  one.visits = 2;
  other.visits = 3;
  await Promise.all([one.save(), other.save()]);
  const visits = async (key: string | null) => (await sessions.load(key ?? ""))?.visits;
  for (let time = 0; time < 3; time += 1)
    expect([await visits(token), await visits(one.key), await visits(other.key)]).toEqual([1, 2, 3]);
});

test("what a session holds after it was saved is not in the next one", async () => {
  const sessions = openWatched([]);
  let token = await sessions.create({ cart: [{ sku: "a", quantity: 1 }] }).ensureKey();
  for (let visits = 1; visits < 5; visits += 1) {
    const session = await sessions.open(token);
    session.visits = visits;
    await session.save();
    token = session.key ?? "";
    session.cart.push({ sku: "b", quantity: 1 });
    session.userId = 7;
    const next = await sessions.load(token);
    expect(next?.toObject()).toEqual({ visits, cart: [{ sku: "a", quantity: 1 }] });
  }
});

test("a session that grows beyond what is remembered is opened each time", async () => {
  const opened: string[] = [];
  const sessions = openWatched(opened, { compression: brotli() });
  let token = await sessions.create({ theme: "a" }).ensureKey();
  const save = async (theme: string) => {
    const session = await sessions.open(token);
    session.theme = theme;
    await session.save();
    token = session.key ?? "";
    return opened.splice(0).length;
  };
  expect([await save("b"), await save("c"), await save("d")]).toEqual([1, 1, 0]);
  expect(await save("e".repeat(60_000))).toBe(0);
  expect([await save("f".repeat(60_000)), await save("g")]).toEqual([1, 1]);
});

test("those that are replaced take no more room in all", () => {
  const recent = new RecentTokens();
  const small = openedToken("x");
  const large = openedToken("x".repeat(7000));
  let tokens = Array.from({ length: 2000 }, () => randomText(300));
  for (const token of tokens) for (let time = 0; time < 4; time += 1) recent.keep(token, small);
  expect(tokens.filter((token) => recent.find(token)).length).toBeGreaterThan(1900);
  const [base, mine] = ["x", "x".repeat(7000)];
  tokens = tokens.map((before) => {
    const token = randomText(300);
    const changes = [{ field: "text", base, mine }];
    recent.replace(before, token, { ...large, before: small.stored, changes });
    return token;
  });
  const kept = tokens.filter((token) => recent.find(token)).length;
  expect(kept * (400 + 14_000)).toBeLessThan(10_000_000);
  expect(kept).toBeGreaterThan(600);
});

test.each(everyCodec)(
  "what is remembered of a token is what it opens to elsewhere: %s",
  async (_name, makeCodec) => {
    const codec = await makeCodec(await loadFixtureModel(), shape);
    await codec.peer?.load();
    const kind = { name: "session", Session, shape, shapeHash: "present", checkWire, codec };
    const open = () =>
      openSealedSessions<Session>(kind, {}, (cookieName) => createCookieBackend({ keys, cookieName }));
    await fc.assert(
      fc.asyncProperty(fc.array(sessionData, { minLength: 4, maxLength: 6 }), async (changes) => {
        const sessions = open();
        let token = await sessions.create({ visits: 1 }).ensureKey();
        for (const patch of changes) {
          const session = await sessions.open(token);
          session.update(patch);
          session.markModified();
          // What does not fit into a cookie leaves the one before.
          await session.save().catch((error: unknown) => expect(error).toMatchObject({ code: "too-large" }));
          token = session.key ?? "";
          const [here, elsewhere] = [await mustLoad(sessions, token), await mustLoad(open(), token)];
          expect(here.toObject()).toStrictEqual(elsewhere.toObject());
          expect([here.handle, here.expiresAt]).toEqual([elsewhere.handle, elsewhere.expiresAt]);
        }
      }),
      { numRuns: 30 },
    );
  },
);
