import { expect } from "vitest";
import type { DjangoCase } from "./dictionary-cases.js";

/** "When sessions are saved": what counts as accessed and as modified. */
export const changeCases: readonly DjangoCase[] = [
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
];
