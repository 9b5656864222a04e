import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authenticatorRoom, createAuthenticator } from "../../../runtime/platform.js";

describe("createAuthenticator", () => {
  it.each([
    [
      "0b".repeat(20),
      Buffer.from("Hi There").toString("hex"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      Buffer.from("Jefe").toString("hex"),
      Buffer.from("what do ya want for nothing?").toString("hex"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    ["aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  ])("gives the tags of RFC 4231 (key %s)", (key, data, tag) => {
    const found = tagOf(createAuthenticator(Buffer.from(key, "hex")), Buffer.from(data, "hex"));
    expect(Buffer.from(found).toString("hex")).toBe(tag);
  });

  it("gives what node:crypto gives, for keys of up to 64 bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.uint8Array({ maxLength: 500 }),
        (key, data) => {
          const expected = createHmac("sha256", key).update(data).digest();
          expect(tagOf(createAuthenticator(key), data)).toEqual(expected);
        },
      ),
    );
  });

  it("takes a message up to its end, whatever stood in the room before it", () => {
    const authenticate = createAuthenticator(Buffer.alloc(32, 1));
    const message = Buffer.concat([Buffer.alloc(authenticatorRoom, 7), Buffer.from("message and more")]);
    expect(authenticate(message, authenticatorRoom + 7)).toEqual(tagOf(authenticate, Buffer.from("message")));
  });

  it("leaves tags that it has given as they are", () => {
    const authenticate = createAuthenticator(Buffer.alloc(32, 1));
    const tag = tagOf(authenticate, Buffer.from("one"));
    const copy = Buffer.from(tag);
    tagOf(authenticate, Buffer.from("two"));
    expect(tag).toEqual(copy);
  });
});

function tagOf(authenticate: ReturnType<typeof createAuthenticator>, data: Uint8Array): Uint8Array {
  const message = Buffer.concat([Buffer.alloc(authenticatorRoom), data]);
  return authenticate(message, message.length);
}
