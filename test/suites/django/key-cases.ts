import { expect } from "vitest";
import type { DjangoCase } from "./dictionary-cases.js";
import { keyOf, type World } from "./world.js";

const gone = expect.objectContaining({ code: "gone" });

async function signedIn({ visit, browser }: World): Promise<ReturnType<World["browser"]>> {
  const person = browser();
  await visit(person, (session) => session.update({ userId: 42, theme: "dark" }));
  return person;
}

/** `session_key`, `flush`, `cycle_key`, `save(must_create)`, `exists`, `delete`. */
export const keyCases: readonly DjangoCase[] = [
  [
    "a session has no key before it is saved",
    async ({ visit, browser }) => {
      expect((await visit(browser(), (session) => session.key)).value).toBeNull();
    },
  ],
  [
    "save() gives it one, which the cookie then has",
    async ({ visit, browser }) => {
      const person = browser();
      const { value } = await visit(person, async (session) => {
        session.theme = "dark";
        await session.save();
        return session.key;
      });
      expect(value).toBe(keyOf(person));
    },
  ],
  [
    "the key cannot be assigned",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => {
        session.theme = "dark";
        expect(() => Object.assign(session, { key: "mine" })).toThrow(TypeError);
      });
      expect(keyOf(person)).toMatch(/^[\w-]{43}$/);
    },
  ],
  [
    "cycle_key keeps the data under a new key, and the old one opens nothing",
    async (world) => {
      const person = await signedIn(world);
      const before = keyOf(person);
      const { value } = await world.visit(person, async (session) => {
        await session.cycleKey();
        return session.theme;
      });
      expect(value).toBe("dark");
      expect(keyOf(person)).not.toBe(before);
      expect(await world.shop.sessions.exists(before)).toBe(false);
      expect((await world.visit(person, (session) => session.userId)).value).toBe(42);
    },
  ],
  [
    "cycle_key keeps when the session was created",
    async (world) => {
      const person = await signedIn(world);
      const created = (await world.visit(person, (session) => session.createdAt)).value;
      world.clock.advance("10m");
      await world.visit(person, (session) => session.cycleKey());
      expect((await world.visit(person, (session) => session.createdAt)).value).toBe(created);
    },
  ],
  [
    "a login cycles the key, and keeps what an anonymous visitor had",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const before = keyOf(person);
      await visit(person, (session) => session.set("userId", 1));
      expect(keyOf(person)).not.toBe(before);
      expect((await visit(person, (session) => session.theme)).value).toBe("dark");
    },
  ],
  [
    "who is signed in already keeps the key",
    async (world) => {
      const person = await signedIn(world);
      const before = keyOf(person);
      await world.visit(person, (session) => session.update({ userId: 42, visits: 9 }));
      expect(keyOf(person)).toBe(before);
    },
  ],
  [
    "flush removes data, record and key",
    async (world) => {
      const person = await signedIn(world);
      const before = keyOf(person);
      const { value } = await world.visit(person, async (session) => {
        await session.flush();
        return [session.key, session.keys()];
      });
      expect(value).toEqual([null, []]);
      expect(await world.shop.sessions.exists(before)).toBe(false);
    },
  ],
  [
    "what comes after a flush has another key",
    async (world) => {
      const person = await signedIn(world);
      const before = keyOf(person);
      await world.visit(person, (session) => session.flush());
      await world.visit(person, (session) => session.set("theme", "new"));
      expect(keyOf(person)).not.toBe(before);
      expect((await world.visit(person, (session) => session.keys())).value).toEqual(["theme"]);
    },
  ],
  [
    "flushing what was never saved is no error",
    async ({ visit, browser }) => {
      const { response } = await visit(browser(), (session) => session.flush());
      expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
    },
  ],
  ...["x".repeat(43), "short", "", "é", "a".repeat(4000)].map(
    (key): DjangoCase => [
      `the key ${JSON.stringify(key.slice(0, 6))}… of ${key.length} characters that nobody was given is never taken over`,
      async ({ visit, browser }) => {
        const person = browser([["__Host-session", encodeURIComponent(key)]]);
        await visit(person, (session) => session.set("theme", "mine"));
        expect(keyOf(person)).toMatch(/^[\w-]{43}$/);
        expect(keyOf(person)).not.toBe(key);
      },
    ],
  ),
  [
    "save(must_create): each new session has a record of its own",
    async ({ shop }) => {
      const keys = await Promise.all([1, 2, 3].map(() => shop.sessions.create({ theme: "x" }).ensureKey()));
      expect(new Set(keys).size).toBe(3);
      for (const key of keys) expect((await shop.sessions.load(key))?.theme).toBe("x");
    },
  ],
  [
    "exists tells live keys from others",
    async (world) => {
      const person = await signedIn(world);
      const { sessions } = world.shop;
      expect([await sessions.exists(keyOf(person)), await sessions.exists("y".repeat(43))]).toEqual([
        true,
        false,
      ]);
    },
  ],
  [
    "delete(key) ends a session, once",
    async (world) => {
      const key = keyOf(await signedIn(world));
      const { sessions } = world.shop;
      expect([await sessions.delete(key), await sessions.delete(key)]).toEqual([true, false]);
      expect(await sessions.load(key)).toBeNull();
    },
  ],
  [
    "load of a key gives the session outside of views",
    async (world) => {
      const session = await world.shop.sessions.load(keyOf(await signedIn(world)));
      expect([session?.userId, session?.isNew]).toEqual([42, false]);
    },
  ],
  [
    "outside of views, save() writes what was changed",
    async (world) => {
      const person = await signedIn(world);
      const session = await world.shop.sessions.load(keyOf(person));
      session?.set("theme", "from outside");
      await session?.save();
      expect((await world.visit(person, (inside) => inside.theme)).value).toBe("from outside");
    },
  ],
  [
    "save() of a session that was deleted meanwhile is an error, and brings nothing back",
    async (world) => {
      const person = await signedIn(world);
      const key = keyOf(person);
      const session = await world.shop.sessions.load(key);
      await world.shop.sessions.delete(key);
      session?.set("theme", "late");
      await expect(session?.save()).rejects.toEqual(gone);
      expect(await world.shop.sessions.exists(key)).toBe(false);
    },
  ],
  [
    "save() without a change writes nothing",
    async (world) => {
      const person = await signedIn(world);
      world.shop.takeWrites();
      await world.visit(person, (session) => session.save());
      expect(world.shop.takeWrites()).toBe(0);
    },
  ],
  [
    "reload forgets what was not saved",
    async (world) => {
      const person = await signedIn(world);
      const { value } = await world.visit(person, async (session) => {
        session.theme = "draft";
        await session.reload();
        return session.theme;
      });
      expect(value).toBe("dark");
    },
  ],
  [
    "sessions of several people do not meet",
    async (world) => {
      const [one, two] = [await signedIn(world), world.browser()];
      await world.visit(two, (session) => session.update({ userId: 43 }));
      await world.visit(one, (session) => session.flush());
      expect((await world.visit(two, (session) => session.userId)).value).toBe(43);
    },
  ],
];
