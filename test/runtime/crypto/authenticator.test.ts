import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Authenticator,
  authenticatorRoom,
  authenticatorTag,
  createAuthenticator,
} from "../../../runtime/platform/built-ins.js";

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

  it("takes a message up to its end, whatever stood in the room before it, or behind it", () => {
    const authenticator = createAuthenticator(Buffer.alloc(32, 1));
    const message = Buffer.concat([
      Buffer.alloc(authenticatorRoom, 7),
      Buffer.from("message and more"),
      Buffer.alloc(authenticatorTag, 7),
    ]);
    const end = authenticatorRoom + 7;
    authenticator.sign(message, end);
    const expected = tagOf(authenticator, Buffer.from("message"));
    expect(message.subarray(end, end + authenticatorTag)).toEqual(expected);
    expect(authenticator.verify(message, end)).toBe(true);
  });

  it("verifies a tag, and neither one with another bit, nor a part of it, nor that of another message or key", () => {
    const authenticator = createAuthenticator(Buffer.alloc(32, 1));
    const [message, end] = laid(Buffer.from("message"));
    authenticator.sign(message, end);
    expect(authenticator.verify(message, end)).toBe(true);
    expect(authenticator.verify(message.subarray(0, -1), end)).toBe(false);
    expect(createAuthenticator(Buffer.alloc(32, 2)).verify(message, end)).toBe(false);
    for (let bit = 8 * authenticatorRoom; bit < 8 * message.length; bit += 1) {
      const changed = Buffer.from(message);
      changed[bit >>> 3] = (changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(authenticator.verify(changed, end)).toBe(false);
    }
  });
});

function tagOf(authenticator: Authenticator, data: Uint8Array): Uint8Array {
  const [message, end] = laid(data);
  authenticator.sign(message, end);
  return message.subarray(end);
}

/** Data in a message as an authenticator takes it, and where it ends. */
function laid(data: Uint8Array): readonly [message: Buffer, end: number] {
  const message = Buffer.concat([Buffer.alloc(authenticatorRoom), data, Buffer.alloc(authenticatorTag)]);
  return [message, authenticatorRoom + data.length];
}
