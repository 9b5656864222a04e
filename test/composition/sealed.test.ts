import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCookieBackend } from "../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../runtime/backends/jwt.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { openSealedSessions, type RevocableSessions, type SessionSeal } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { createBrowser } from "../suites/adapter-client.js";
import type { Listening } from "../suites/listen.js";
import { serveShop } from "../suites/sealed-shop.js";
import type { ShopSession } from "../suites/shop-kind.js";
import { composedKind, observe } from "./composed-kind.js";
import { nameOf, type SealedComposition, sealedCompositions } from "./compositions.js";

const keys = randomBytes(32).toString("base64url");
const seals: Readonly<Record<SealedComposition["place"], (cookieName: string) => SessionSeal>> = {
  cookie: (cookieName) => createCookieBackend({ keys, cookieName }),
  jwt: (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName }),
};

describe.each(sealedCompositions.map((composition) => [nameOf(composition), composition] as const))(
  "%s",
  (_name, composition) => {
    const { sinks, lines, registry } = observe(composition);
    const clock = fakeClock();
    const { one, other } = openTwo(composition, clock, sinks);
    let server: Listening;
    beforeAll(async () => {
      await one.ready();
      server = await serveShop(one);
    });
    afterAll(() => server.close());

    it("carries a session, changes its key and ends it for good", async () => {
      const browser = createBrowser(server.url);
      const read = async (path: string): Promise<Record<string, unknown>> => (await browser.get(path)).json();
      expect(await read("/get")).toMatchObject({ isNew: true, visits: 0 });
      expect(browser.cookies.size).toBe(0);
      await read("/set?visits=3&theme=🧺");
      expect(await read("/get")).toMatchObject({ isNew: false, visits: 3, theme: "🧺" });
      await read("/cycle");
      const kept = new Map(browser.cookies);
      expect(await read("/get")).toMatchObject({ isNew: false, visits: 3 });
      await read("/logout");
      expect(browser.cookies.size).toBe(0);
      expect(await (await createBrowser(server.url, kept).get("/get")).json()).toMatchObject({ isNew: true });
    });

    it("is refused with any bit changed, and by another tenant", async () => {
      const session = one.create({ userId: 5 });
      await session.save();
      const key = session.key ?? "";
      for (let at = 0; at < key.length; at += 11) {
        const changed = key.slice(0, at) + (key[at] === "A" ? "B" : "A") + key.slice(at + 1);
        expect(await one.load(changed)).toBeNull();
      }
      expect((await one.load(key))?.userId).toBe(5);
      expect((await other.load(key))?.userId).toBe(composition.tenancy === "tenants" ? undefined : 5);
    });

    it("is the same to each request, whatever others did to theirs", async () => {
      const key = await one
        .create({
          userId: 7,
          theme: "long enough to be kept as bytes ".repeat(4),
          cart: [{ sku: "a", quantity: 1 }],
        })
        .ensureKey();
      const first = (await one.load(key))?.toObject();
      expect(first).toMatchObject({ userId: 7, cart: [{ sku: "a", quantity: 1 }] });
      for (let time = 0; time < 4; time += 1) {
        const session = await one.load(key);
        expect(session?.toObject()).toEqual(first);
        for (const item of session?.cart ?? []) item.quantity += 1;
        session?.cart.push({ sku: "b", quantity: time });
        if (time % 2 === 0) await session?.save();
        else session?.clear();
      }
    });

    it("tells its sinks, where it has any, of everything but keys", async () => {
      const session = one.create({ userId: 6 });
      await session.save();
      const metrics = await registry.metrics();
      const isSilent = composition.analytics === "unobserved";
      expect(/^session_created_total\{.*\} [1-9]/m.test(metrics)).toBe(!isSilent);
      expect(lines.length > 0).toBe(!isSilent);
      expect(lines.join("\n") + metrics).not.toContain(session.key);
    });
  },
);

/** Two views of one place: of two tenants, where the composition has tenants. */
function openTwo(
  composition: SealedComposition,
  clock: () => number,
  sinks: ReturnType<typeof observe>["sinks"],
): Record<"one" | "other", RevocableSessions<ShopSession>> {
  const kind = { ...composedKind(composition), indexes: [], merge: {} };
  const ended = createMemoryBackend({ clock });
  const [options, seal] = [{ clock, sinks }, seals[composition.place]];
  if (composition.tenancy === "tenants") {
    const all = openSealedSessions({ ...kind, tenancy: {} }, options, seal, () => ended);
    return { one: all.forTenant("one"), other: all.forTenant("one ") };
  }
  const all = openSealedSessions<ShopSession>(kind, options, seal, () => ended);
  return { one: all, other: all };
}
