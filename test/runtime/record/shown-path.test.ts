import { expect, test } from "vitest";
import { withShownPaths } from "../../../runtime/record/shown-path.js";
import type { Shape } from "../../../runtime/types/shape.js";
import { open } from "../fixture/open.js";

const shape: Shape = {
  cart: { kind: { array: { object: { sku: { kind: "string" }, "odd name": { kind: "string" } } } } },
  calls: { kind: { record: { array: "number" } } },
  place: { kind: { nullable: { tuple: ["number"], rest: "string" } } },
  choice: { kind: { union: [{ record: "number" }, { object: { a: { kind: "number" } } }] } },
};

test.each([
  ["cart", "cart", "cart"],
  ["cart", "cart[0].sku", "cart[0].sku"],
  ["cart", 'cart[0]["odd name"]', 'cart[0]["odd name"]'],
  ["cart", "cart[0].secret", "cart[0][*]"],
  ["calls", "calls[491511][0]", "calls[*][0]"],
  ["calls", 'calls["ann@example.com"]', "calls[*]"],
  ["calls", 'calls["a\\"].b[0"][1]', "calls[*][1]"],
  ["place", "place[0]", "place[0]"],
  ["place", "place[7]", "place[7]"],
  ["choice", "choice.a", "choice.a"],
  ["choice", "choice.b", "choice[*]"],
  ["odd-name", "odd-name.x", "odd-name[*]"],
])("of %s, %s is shown as %s", (field, path, shown) => {
  const check = withShownPaths(() => [{ field, path, message: "is wrong" }], shape);
  expect(check({})).toEqual([{ field, path: shown, message: "is wrong" }]);
});

test("what a user wrote as the key of a record is in no message", async () => {
  const { sessions } = open();
  const session = sessions.create({ counts: { "ann@example.com": Number.NaN } });
  await expect(session.save()).rejects.toThrow("counts[*] must be a finite number");
});
