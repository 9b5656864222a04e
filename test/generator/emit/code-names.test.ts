import { expect, it } from "vitest";
import { createCodeNames } from "../../../generator/emit/codec/code-names.js";

it("nothing is declared under the name of what a codec imports", () => {
  const names = createCodeNames();
  expect(names.declare(["record"], { suffix: "Item" })).toBe("recordItem2");
  expect(names.declare(["message"], { suffix: "Fields" })).toBe("messageFields2");
  expect(names.declare(["extra"], { prefix: "read" })).toBe("readExtra2");
  expect(names.declare(["cart"], { suffix: "Item" })).toBe("cartItem");
});
