import { expect, test } from "vitest";
import { createFields } from "../../../runtime/record/fields.js";
import { FieldValues } from "../../../runtime/session/field-values.js";
import { applyChanges, type MergeStrategy } from "../../../runtime/session/merge.js";
import type { WireValue } from "../../../runtime/types/shape.js";

const item = { object: { sku: { kind: "string" }, quantity: { kind: "integer", default: 1 } } } as const;
const shape = { cart: { kind: { array: item }, default: [] } } as const;

/** What is stored when an app changes a list of which another request has made something else meanwhile. */
function merge(strategy: MergeStrategy, stored: WireValue, theirs: WireValue, change: (cart: Cart) => void) {
  const fields = createFields(shape, { cart: strategy });
  const values = new FieldValues(fields, { cart: stored });
  change(cartOf(values));
  return applyChanges({ cart: theirs }, values.changes(), fields)["cart"];
}

interface Line {
  readonly sku: string;
  quantity?: number;
}

type Cart = Line[];

function cartOf(values: FieldValues): Cart {
  const [cart] = createFields(shape).all;
  if (cart === undefined) throw new Error("There is no such field.");
  return values.read(cart) as Cart;
}

test("what two requests append is kept, though members were stored without their defaults", () => {
  const merged = merge("append", [{ sku: "a" }], [{ sku: "a" }, { sku: "theirs" }], (cart) =>
    cart.push({ sku: "mine" }),
  );
  expect(merged).toEqual([{ sku: "a" }, { sku: "theirs" }, { sku: "mine" }]);
});

test("a union brings back nothing that another request has removed", () => {
  const merged = merge("union", [{ sku: "a" }, { sku: "b" }], [{ sku: "b" }], (cart) =>
    cart.push({ sku: "mine" }),
  );
  expect(merged).toEqual([{ sku: "b" }, { sku: "mine" }]);
  const removed = merge("union", [{ sku: "a" }, { sku: "b" }], [{ sku: "b" }, { sku: "a" }], (cart) =>
    cart.pop(),
  );
  expect(removed).toEqual([{ sku: "a" }]);
});

test("what an app has appended without its defaults is not appended over others, when it appends once more", () => {
  const fields = createFields(shape, { cart: "append" });
  const values = new FieldValues(fields, {});
  const cart = cartOf(values);
  cart.push({ sku: "first" });
  values.settle(values.changes());
  cart.push({ sku: "second" });
  const theirs = { cart: [{ sku: "first" }, { sku: "theirs" }] };
  expect(applyChanges(theirs, values.changes(), fields)["cart"]).toEqual([
    { sku: "first" },
    { sku: "theirs" },
    { sku: "second" },
  ]);
});
