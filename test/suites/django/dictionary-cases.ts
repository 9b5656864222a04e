import { expect } from "vitest";
import { keyOf, type World } from "./world.js";

/** One documented behaviour, and how it is seen. */
export type DjangoCase = readonly [behaviour: string, see: (world: World) => Promise<void>];

/** "Using sessions in views": the dictionary, and what of it counts as accessed and modified. */
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
    "nobody has looked at a new session, and nothing of it has changed",
    async ({ visit, browser }) => {
      const { value } = await visit(browser(), (session) => [session.isAccessed, session.isModified]);
      expect(value).toEqual([false, false]);
    },
  ],
  ...(["get", "has", "keys", "pop"] as const).map(
    (how): DjangoCase => [
      `${how} counts as access, and not as a change`,
      async ({ visit, browser }) => {
        const { value } = await visit(browser(), (session) => {
          if (how === "keys") session.keys();
          else session[how]("theme");
          return [session.isAccessed, session.isModified];
        });
        expect(value).toEqual([true, false]);
      },
    ],
  ),
  ...(["set", "update", "setDefault"] as const).map(
    (how): DjangoCase => [
      `${how} counts as a change`,
      async ({ visit, browser }) => {
        const { value } = await visit(browser(), (session) => {
          if (how === "update") session.update({ theme: "dark" });
          else session[how]("theme", "dark");
          return [session.isAccessed, session.isModified];
        });
        expect(value).toEqual([true, true]);
      },
    ],
  ),
  ...(["delete", "pop", "clear"] as const).map(
    (how): DjangoCase => [
      `${how} of what is there counts as a change`,
      async ({ visit, browser }) => {
        const person = browser();
        await visit(person, (session) => session.set("theme", "dark"));
        const { value } = await visit(person, (session) => {
          if (how === "clear") session.clear();
          else session[how]("theme");
          return session.isModified;
        });
        expect(value).toBe(true);
      },
    ],
  ),
  [
    "an equal value is no change, and is not written",
    async ({ visit, browser, shop }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      shop.takeWrites();
      const { value } = await visit(person, (session) => {
        session.theme = "dark";
        return session.isModified;
      });
      expect([value, shop.takeWrites()]).toEqual([false, 0]);
    },
  ],
  [
    "a change inside a value is noticed, which Django has to be told",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("cart", [{ sku: "a", quantity: 1 }]));
      await visit(person, (session) => {
        const [first] = session.cart;
        if (first !== undefined) first.quantity = 5;
      });
      expect((await visit(person, (session) => session.cart)).value).toEqual([{ sku: "a", quantity: 5 }]);
    },
  ],
  [
    "modified = True has it written, without a change",
    async ({ visit, browser, shop }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      shop.takeWrites();
      await visit(person, (session) => session.markModified());
      expect(shop.takeWrites()).toBe(1);
    },
  ],
  [
    "modified = False leaves a change unwritten",
    async ({ visit, browser, shop }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      shop.takeWrites();
      await visit(person, (session) => {
        session.theme = "light";
        session.markUnmodified();
      });
      expect([shop.takeWrites(), (await visit(person, (session) => session.theme)).value]).toEqual([
        0,
        "dark",
      ]);
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
