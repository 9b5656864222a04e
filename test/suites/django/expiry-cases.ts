import { expect } from "vitest";
import type { ShopSession } from "../shop-kind.js";
import type { DjangoCase } from "./dictionary-cases.js";
import { keyOf, type World } from "./world.js";

type Choice = Parameters<ShopSession["setExpiry"]>[0];

/** A person whose session was given this life; the Max-Age that came of it. */
async function withExpiry(
  { visit, browser }: World,
  choice: Choice,
): Promise<{ readonly person: ReturnType<World["browser"]>; readonly maxAge: string | undefined }> {
  const person = browser();
  const { response } = await visit(person, (session) => {
    session.theme = "dark";
    session.setExpiry(choice);
  });
  return { person, maxAge: /; Max-Age=(\d+)/.exec(response.headers.getSetCookie()[0] ?? "")?.[1] };
}

const isThere = async ({ visit }: World, person: ReturnType<World["browser"]>): Promise<boolean> =>
  (await visit(person, (session) => session.has("theme"))).value;

/** `set_expiry`, `get_expiry_age`, `get_expiry_date`, `get_expire_at_browser_close`, `clear_expired`. */
export const expiryCases: readonly DjangoCase[] = [
  [
    "set_expiry(seconds): so long after the last change, and no longer",
    async (world) => {
      const { person, maxAge } = await withExpiry(world, 300);
      world.clock.advance("299s");
      const before = await isThere(world, person);
      expect([maxAge, before]).toEqual(["300", true]);
      world.clock.advance("301s");
      expect(await isThere(world, person)).toBe(false);
    },
  ],
  [
    "set_expiry(seconds) counts from each change",
    async (world) => {
      const { person } = await withExpiry(world, 300);
      for (let visit = 0; visit < 3; visit += 1) {
        world.clock.advance("200s");
        await world.visit(person, (session) => session.update({ visits: visit + 1 }));
      }
      expect(await isThere(world, person)).toBe(true);
    },
  ],
  [
    "set_expiry(datetime): at that moment, whatever happens before",
    async (world) => {
      const { person } = await withExpiry(world, new Date(world.clock() + 600_000));
      world.clock.advance("500s");
      await world.visit(person, (session) => session.set("visits", 1));
      const before = await isThere(world, person);
      world.clock.advance("101s");
      expect([before, await isThere(world, person)]).toEqual([true, false]);
    },
  ],
  [
    "set_expiry of the browser's closing: no Max-Age, and the server's time all the same",
    async (world) => {
      const { person, maxAge } = await withExpiry(world, "browser");
      const before = await isThere(world, person);
      world.clock.advance("61m");
      expect([maxAge, before, await isThere(world, person)]).toEqual([undefined, true, false]);
    },
  ],
  [
    "set_expiry(None): the global policy again",
    async (world) => {
      const { person } = await withExpiry(world, 60);
      await world.visit(person, (session) => session.setExpiry(null));
      world.clock.advance("30m");
      expect(await isThere(world, person)).toBe(true);
    },
  ],
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, new Date(0)].map(
    (choice): DjangoCase => [
      `set_expiry(${String(choice)}) is refused: flush() ends a session`,
      async ({ visit, browser }) => {
        await visit(browser(), (session) =>
          expect(() => session.setExpiry(choice)).toThrow(expect.objectContaining({ code: "invalid" })),
        );
      },
    ],
  ),
  [
    "a chosen expiry is data: it is kept over requests and keys",
    async (world) => {
      const { person } = await withExpiry(world, 7200);
      await world.visit(person, (session) => session.cycleKey());
      world.clock.advance("90m");
      expect(await isThere(world, person)).toBe(true);
    },
  ],
  [
    "a chosen expiry is bounded by the absolute limit",
    async (world) => {
      const { value } = await world.visit(world.browser(), (session) => {
        session.setExpiry(365 * 86_400);
        return session.expiresAt - session.createdAt;
      });
      expect(value).toBe(14 * 86_400_000);
    },
  ],
  [
    "get_expiry_age is the global one by default",
    async (world) => {
      const { value } = await world.visit(world.browser(), (session) => session.expiresAt - world.clock());
      expect(value).toBe(3_600_000);
    },
  ],
  [
    "get_expiry_age is what was set",
    async (world) => {
      const { value } = await world.visit(world.browser(), (session) => {
        session.setExpiry(10);
        return session.expiresAt - world.clock();
      });
      expect(value).toBe(10_000);
    },
  ],
  [
    "get_expiry_date is the date that was set",
    async (world) => {
      const date = new Date(world.clock() + 5_000);
      const { value } = await world.visit(world.browser(), (session) => {
        session.setExpiry(date);
        return session.expiresAt;
      });
      expect(value).toBe(date.getTime());
    },
  ],
  [
    "get_expiry_age of a stored session tells what is left",
    async (world) => {
      const { person } = await withExpiry(world, 300);
      world.clock.advance("100s");
      const { value } = await world.visit(person, (session) => session.expiresAt - world.clock());
      expect(value).toBe(200_000);
    },
  ],
  [
    "reading is no activity, until a twelfth of the life has gone",
    async (world) => {
      const { person } = await withExpiry(world, null);
      world.shop.takeWrites();
      world.clock.advance("4m");
      await world.visit(person, (session) => session.theme);
      const early = world.shop.takeWrites();
      world.clock.advance("2m");
      await world.visit(person, (session) => session.theme);
      expect([early, world.shop.takeWrites()]).toEqual([0, 1]);
    },
  ],
  [
    "touch() moves the end without a change",
    async (world) => {
      const { person } = await withExpiry(world, null);
      world.clock.advance("50m");
      await world.visit(person, (session) => session.touch());
      world.clock.advance("50m");
      expect(await isThere(world, person)).toBe(true);
    },
  ],
  [
    "what has expired is gone for good: the same cookie begins anew under another key",
    async (world) => {
      const { person } = await withExpiry(world, 60);
      const before = keyOf(person);
      world.clock.advance("61s");
      await world.visit(person, (session) => session.set("visits", 1));
      expect(keyOf(person)).not.toBe(before);
      expect((await world.visit(person, (session) => session.keys())).value).toEqual(["visits"]);
    },
  ],
  [
    "an expired session does not exist",
    async (world) => {
      const { person } = await withExpiry(world, 60);
      world.clock.advance("61s");
      expect(await world.shop.sessions.exists(keyOf(person))).toBe(false);
    },
  ],
  [
    "clear_expired removes what is over, and nothing else",
    async (world) => {
      const { person: over } = await withExpiry(world, 60);
      const { person: live } = await withExpiry(world, 6000);
      world.clock.advance("61s");
      const { sessions } = world.shop;
      if ("cleanupExpired" in sessions && typeof sessions.cleanupExpired === "function")
        await sessions.cleanupExpired();
      const there = await Promise.all([over, live].map((person) => sessions.exists(keyOf(person))));
      expect(there).toEqual([false, true]);
    },
  ],
];
