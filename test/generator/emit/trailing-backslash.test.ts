import { expect, it } from "vitest";
import { quote } from "../../../generator/emit/literal.js";

it("a text that ends with a backslash is told from what follows it, also by what writes the files", () => {
  for (const text of ["\\", "~\\", "\\\\", '\\"', "a"]) {
    expect(JSON.parse(quote(text))).toBe(text);
    expect(quote(text)).not.toMatch(/\\\\"$/);
  }
});
