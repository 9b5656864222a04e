import fc from "fast-check";
import { expect, test } from "vitest";
import { emailSource } from "../../../../generator/model/string-formats.js";
import { isPlainEmail } from "../../../../runtime/codecs/wire/plain-email.js";

const pattern = new RegExp(emailSource, "u");
const pieces = ["a", "Z", "0", "9", ".", "-", "_", "+", "@", "'", " ", "é", "ſ", "K", "{", "`", "["];

test.each(["alice@example.com", "a.b-c_d+e@x-1.co.uk", "A1@b2.DE"])("%s is a plain address", (address) => {
  expect([isPlainEmail(address), pattern.test(address)]).toEqual([true, true]);
});

test("the pattern allows all plain addresses", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, "@a.", ".de", "a@b"), { maxLength: 9 }), (parts) => {
      const text = parts.join("");
      if (isPlainEmail(text)) expect(pattern.test(text), text).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});
