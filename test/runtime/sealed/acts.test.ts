import { expect, it } from "vitest";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { openRevocableShop } from "../../suites/sealed-shop.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";

it("a touch finds out that the session was ended elsewhere", async () => {
  const { sessions } = openRevocableShop();
  const session = sessions.create({ userId: 1 });
  await session.save();
  const other = await sessions.load(session.key ?? "");
  await session.destroy();
  await expect(other?.touch()).rejects.toMatchObject({ code: "gone" });
  // One that only read is no failure, and is given no cookie that opens nothing.
  const { sessions: quiet, clock } = openRevocableShop();
  const made = quiet.create({ userId: 1 });
  await made.save();
  const reader = await quiet.fromCookie(`__Host-session=${made.key}`);
  expect(reader.userId).toBe(1);
  await quiet.delete(made.key ?? "");
  clock.advance("6m");
  const names = (await quiet.commit(reader)).map(([name]) => name);
  expect(names).not.toContain("Set-Cookie");
});

it("a changed key is another also in a JWT, which holds no chance, while the clock stands still", async () => {
  const keys = randomText(32);
  const sessions = openSealedSessions<ShopSession>(
    { ...shopKind, indexes: [], merge: {} },
    { clock: fakeClock() },
    (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName }),
  );
  const session = sessions.create({ userId: 1 });
  await session.save();
  const seen = new Set([session.key]);
  for (let cycles = 0; cycles < 3; cycles += 1) {
    await session.cycleKey();
    seen.add(session.key);
  }
  expect(seen.size).toBe(4);
});

it("what is no text is no key, and no error: of `?key=a&key=b` parsers make a list", async () => {
  const { sessions } = openRevocableShop();
  const key = await sessions.create({ userId: 1 }).ensureKey();
  for (const other of [undefined, null, 5, "", [key]]) {
    expect(await sessions.load(other as never)).toBeNull();
    expect(await sessions.exists(other as never)).toBe(false);
    expect(await sessions.delete(other as never)).toBe(false);
  }
});

it("a key that was changed periodically leads to the new one also on a server whose clock is behind", async () => {
  const clock = fakeClock();
  const { sessions, revocation } = openRevocableShop({ clock, rotation: { every: 60 } });
  const key = await sessions.create({ userId: 42 }).ensureKey();
  clock.advance(61);
  const behind = openRevocableShop({ clock: fakeClock(clock() - 2000), revocation });
  const changed = await sessions.open(key);
  await sessions.commit(changed);
  expect(changed.handle).not.toBeNull();
  expect(await behind.sessions.load(key)).toMatchObject({ userId: 42, handle: changed.handle });
});
