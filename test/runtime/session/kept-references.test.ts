import { describe, expect, test } from "vitest";
import { openTwice } from "../fixture/open.js";

describe("references that the app keeps", () => {
  const lines = [
    { sku: "a", quantity: 1 },
    { sku: "b", quantity: 1 },
  ];

  test("of a field, over a save that merges", async () => {
    const { first, second, load } = await openTwice({ cart: lines });
    const { cart } = second;
    first.cart.push({ sku: "f", quantity: 1 });
    await first.save();
    second.name = "x";
    await second.save();
    expect(cart.map(({ sku }) => sku)).toEqual(["a", "b", "f"]);
    cart.push({ sku: "s", quantity: 1 });
    await second.save();
    expect((await load()).cart.map(({ sku }) => sku)).toEqual(["a", "b", "f", "s"]);
  });

  test("of a list that another request has returned to its default", async () => {
    const { first, second, load } = await openTwice({ cart: lines });
    const { cart } = second;
    first.delete("cart");
    await first.save();
    second.name = "x";
    await second.save();
    expect([cart, second.has("cart"), second.isModified]).toEqual([[], false, false]);
    cart.push({ sku: "s", quantity: 1 });
    await second.save();
    expect((await load()).cart).toEqual([{ sku: "s", quantity: 1 }]);
  });

  test("of an element, though others were added and removed before it", async () => {
    const { first, second, load } = await openTwice({ cart: lines });
    const [, line] = second.cart;
    const added = { sku: "s", quantity: 1 };
    second.cart.push(added);
    first.cart.unshift({ sku: "f", quantity: 1 });
    await first.save();
    await second.save();
    Object.assign(line ?? {}, { quantity: 5 });
    added.quantity = 7;
    await second.save();
    expect((await load()).cart).toEqual([
      { sku: "f", quantity: 1 },
      { sku: "a", quantity: 1 },
      { sku: "b", quantity: 5 },
      { sku: "s", quantity: 7 },
    ]);
  });

  test("of a nested object and its date", async () => {
    const prefs = { language: "x", since: new Date(1), nested: { on: false } };
    const { first, second, load } = await openTwice({ prefs });
    const held = second.prefs;
    const { since, nested } = held ?? {};
    Object.assign(first.prefs ?? {}, { size: 9, since: new Date(2) });
    await first.save();
    second.name = "x";
    await second.save();
    expect([held, since]).toEqual([{ ...prefs, size: 9, since: new Date(2) }, new Date(2)]);
    since?.setTime(3);
    Object.assign(nested ?? {}, { on: true });
    await second.save();
    expect((await load()).prefs).toEqual({ ...prefs, size: 9, since: new Date(3), nested: { on: true } });
  });

  test("what the app changes while a save is under way is not lost", async () => {
    const { second, load, first } = await openTwice({ cart: lines });
    first.visits += 3;
    await first.save();
    second.cart.push({ sku: "s", quantity: 1 });
    second.visits += 1;
    const saved = second.save();
    second.cart.push({ sku: "later", quantity: 1 });
    second.visits += 1;
    await saved;
    await second.save();
    expect((await load()).cart.map(({ sku }) => sku)).toEqual(["a", "b", "s", "later"]);
    expect((await load()).visits).toBe(5);
    expect(second.isModified).toBe(false);
  });
});
