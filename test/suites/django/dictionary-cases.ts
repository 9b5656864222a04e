import { expect } from "vitest";
import { keyOf, type World } from "./world.js";

/** One documented behaviour, and how it is seen. */
export type DjangoCase = readonly [behaviour: string, see: (world: World) => Promise<void>];

/** "Using sessions in views": the dictionary, and the test cookie. */
export const dictionaryCases: readonly DjangoCase[] = [
  [
    "reading a key that was not set gives its default",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => [session.get("userId"), session.get("visits")]);
      expect(value).toEqual([undefined, 0]);
    },
  ],
  [
    "what one request sets, the next one gets",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      expect((await visit(person, (session) => session.get("theme"))).value).toBe("dark");
    },
  ],
  [
    "attributes and items are the same",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => {
        session.theme = "dark";
        return session.get("theme");
      });
      expect(value).toBe("dark");
    },
  ],
  [
    "`in` is false before, and true after",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => {
        const before = [session.has("theme"), session.has("visits")];
        session.theme = "dark";
        return [...before, session.has("theme")];
      });
      expect(value).toEqual([false, false, true]);
    },
  ],
  [
    "a name that nobody declared is never in it, and cannot be set",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => {
        expect(() => Reflect.set(session, "unknown", 1)).toThrow(TypeError);
        return session.has("unknown");
      });
      expect(value).toBe(false);
    },
  ],
  [
    "delete removes a key for good",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.update({ theme: "dark", visits: 1 }));
      expect((await visit(person, (session) => session.delete("theme"))).value).toBe(true);
      expect((await visit(person, (session) => session.keys())).value).toEqual(["visits"]);
    },
  ],
  [
    "deleting what is not there changes nothing",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => [session.delete("theme"), session.isModified]);
      expect(value).toEqual([false, false]);
    },
  ],
  [
    "pop gives and removes",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.update({ theme: "dark", visits: 1 }));
      expect((await visit(person, (session) => session.pop("theme"))).value).toBe("dark");
      expect((await visit(person, (session) => session.has("theme"))).value).toBe(false);
    },
  ],
  [
    "pop of what is not there gives nothing, and changes nothing",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => [session.pop("theme"), session.isModified]);
      expect(value).toEqual([undefined, false]);
    },
  ],
  [
    "setdefault sets what is not there",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => [
        session.setDefault("theme", "dark"),
        session.isModified,
      ]);
      expect(value).toEqual(["dark", true]);
    },
  ],
  [
    "setdefault leaves what is there, and changes nothing",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const { value } = await visit(person, (session) => [
        session.setDefault("theme", "light"),
        session.isModified,
      ]);
      expect(value).toEqual(["dark", false]);
    },
  ],
  [
    "update sets several at once",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.update({ theme: "dark", userId: 7 }));
      const { value } = await visit(person, (session) => [session.theme, session.userId]);
      expect(value).toEqual(["dark", 7]);
    },
  ],
  [
    "keys, values, items and iteration show what was set, and nothing else",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => {
        session.update({ theme: "dark", userId: 7 });
        return [session.keys(), session.values(), session.entries(), [...session]];
      });
      const items = [
        ["userId", 7],
        ["theme", "dark"],
      ];
      expect(value).toEqual([["userId", "theme"], [7, "dark"], items, items]);
    },
  ],
  [
    "clear empties it, and leaves its key",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const key = keyOf(person);
      await visit(person, (session) => session.clear());
      const { value } = await visit(person, (session) => [session.isEmpty, session.key === key]);
      expect(value).toEqual([true, true]);
    },
  ],
  [
    "is_empty is true without a key and data, and false with data",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => {
        const before = session.isEmpty;
        session.theme = "dark";
        return [before, session.isEmpty];
      });
      expect(value).toEqual([true, false]);
    },
  ],
  [
    "numbers, text and nested values come back as they were",
    async ({ visit, browser }) => {
      const person = browser();
      const cart = [{ sku: "ü\u{1F331}", quantity: 2 }];
      await visit(person, (session) => session.update({ cart, visits: -1 }));
      expect((await visit(person, (session) => session.toObject())).value).toMatchObject({
        cart,
        visits: -1,
      });
    },
  ],
  [
    "the test cookie works for a browser that takes cookies, until it is deleted",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "test cookie"));
      const worked = (await visit(person, (session) => session.pop("theme") === "test cookie")).value;
      const again = (await visit(person, (session) => session.has("theme"))).value;
      expect([worked, again]).toEqual([true, false]);
    },
  ],
  [
    "the test cookie does not work for one that takes none",
    async ({ visit, browser }) => {
      await visit(browser(), (session) => session.set("theme", "test cookie"));
      expect((await visit(browser(), (session) => session.has("theme"))).value).toBe(false);
    },
  ],
];
