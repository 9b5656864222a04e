import { describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSealedSessions, type SessionEvent, type SessionSeal } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { failingBackend, fakeClock } from "../../../runtime/testing/index.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { serveShop } from "../../suites/sealed-shop.js";
import { shopKind } from "../../suites/shop-kind.js";
import { createScraped } from "./scraped.js";

const keys = randomText(32);
const seals: readonly (readonly [string, () => SessionSeal])[] = [
  ["a cookie", () => createCookieBackend({ keys })],
  ["a JWT", () => createJwtBackend({ algorithm: "HS256", keys })],
];
const kind = { ...shopKind, indexes: [], merge: {} };
const labels = '{kind="session"}';

describe.each(seals)("sessions in %s", (_name, createSeal) => {
  it("are counted like all others", async () => {
    const scraped = createScraped();
    const [clock, warnings] = [fakeClock(), [] as string[]];
    const logger = { warn: (message: string) => void warnings.push(message) };
    const options = { clock, logger, sinks: [scraped.sink] };
    const sessions = openSealedSessions(kind, options, createSeal, () => createMemoryBackend({ clock }));
    const server = await serveShop(sessions);
    const browser = createBrowser(server.url);
    await browser.get("/set?visits=1"); // Created.
    await browser.get("/get"); // Hit.
    await browser.get("/set?visits=2"); // Hit, saved.
    const stale = createBrowser(server.url, browser.cookies);
    await browser.get("/logout"); // Hit, flushed.
    await stale.get("/get"); // Miss.
    await createBrowser(server.url, [["__Host-session", "A".repeat(200)]]).get("/get"); // Miss, invalid.
    expect(warnings).toHaveLength(1);
    await browser.get("/set?visits=1"); // Created.
    clock.advance("2h");
    await browser.get("/get"); // Miss, expired: nobody forged it.
    expect(warnings).toHaveLength(1);
    expect(await scraped.counts()).toEqual({
      [`session_created_total${labels}`]: 2,
      [`session_accessed_total${labels}`]: 6,
      [`session_access_hit_total${labels}`]: 3,
      [`session_access_miss_total${labels}`]: 3,
      [`session_access_latency_seconds_count${labels}`]: 6,
      [`session_size_bytes_count${labels}`]: 3,
      ['session_deleted_total{kind="session",reason="flushed"}']: 1,
      ['session_invalid_total{kind="session",what="token"}']: 1,
      [`session_expired_total${labels}`]: 1,
    });
    await server.close();
  });

  it("tell of what is revoked, of the bytes of their tokens, and of revocation that fails", async () => {
    const events: SessionEvent[] = [];
    const plan = {};
    const sessions = openSealedSessions(kind, { sinks: [(event) => events.push(event)] }, createSeal, () =>
      failingBackend(createMemoryBackend(), plan),
    );
    const [one, other] = [sessions.create({ visits: 1 }), sessions.create({ visits: 1 })];
    const keysOf = [await one.ensureKey(), await other.ensureKey()] as const;
    const { handle } = one;
    const saved = { type: "saved", kind: "session", handle, bytes: keysOf[0].length };
    expect(events).toContainEqual(saved);
    await sessions.revoke({ handle: handle ?? "" });
    await sessions.delete(keysOf[1]);
    Object.assign(plan, { load: "reject" });
    await expect(sessions.load(keysOf[0])).rejects.toMatchObject({ code: "unavailable" });
    const later = events.filter(({ type }) => type === "deleted" || type === "backend-error");
    expect(later).toEqual([
      { type: "deleted", kind: "session", reason: "revoked", count: 1, handle },
      { type: "deleted", kind: "session", reason: "explicit", count: 1, handle: null },
      { type: "backend-error", kind: "session", operation: "load", code: "unavailable" },
    ]);
  });

  it("end with their cookie where nothing is remembered, which counts all the same", async () => {
    const events: SessionEvent[] = [];
    const sessions = openSealedSessions(kind, { sinks: [(event) => events.push(event)] }, createSeal);
    const session = sessions.create({ visits: 1 });
    await session.ensureKey();
    await session.destroy();
    expect(events.at(-1)).toMatchObject({ type: "deleted", reason: "flushed" });
  });
});
