import { describe, expect, it } from "vitest";
import { authenticate, randomData } from "../../../runtime/platform/built-ins.js";
import { createMessageKeys, saltBytes } from "../../../runtime/platform/crypto/message-keys.js";

const root = randomData(32);

describe("createMessageKeys", () => {
  it("gives one salt and key to 65,536 messages, and then others", () => {
    const keys = createMessageKeys(root);
    const first = keys.next();
    const others = Array.from({ length: 65_535 }, () => keys.next());
    expect(others.every((other) => other === first)).toBe(true);
    const second = keys.next();
    expect(second.salt).not.toEqual(first.salt);
    expect(second.key).not.toEqual(first.key);
    expect(keys.next()).toBe(second);
  });

  it("gives every process salts of its own", () => {
    const salts = Array.from({ length: 100 }, () => createMessageKeys(root).next().salt);
    expect(new Set(salts.map((salt) => Buffer.from(salt).toString("hex"))).size).toBe(100);
    for (const salt of salts) expect(salt).toHaveLength(saltBytes);
  });

  it("derives the key of a salt by HMAC-SHA256, in every process the same", () => {
    const { salt, key } = createMessageKeys(root).next();
    expect(createMessageKeys(root).of(salt)).toEqual(key);
    expect(key).toEqual(authenticate(root, salt));
    expect(createMessageKeys(randomData(32)).of(salt)).not.toEqual(key);
  });

  it("remembers a thousand keys, lets go of the oldest, and derives it again", () => {
    const keys = createMessageKeys(root);
    const salts = Array.from({ length: 1001 }, () => Buffer.from(randomData(saltBytes)));
    const [oldest, second] = salts;
    if (oldest === undefined || second === undefined) throw new Error("there are no salts");
    const before = salts.slice(0, 1000).map((salt) => keys.of(salt));
    expect(keys.of(oldest)).toBe(before[0]);
    for (const salt of salts) keys.of(salt);
    expect(keys.of(second)).toBe(before[1]);
    expect(keys.of(oldest)).not.toBe(before[0]);
    expect(keys.of(oldest)).toEqual(before[0]);
  });

  it("does not hold on to the bytes that it was asked with", () => {
    const keys = createMessageKeys(root);
    const salt = Buffer.from(randomData(saltBytes));
    const key = keys.of(salt);
    salt.fill(0);
    expect(keys.of(salt)).not.toEqual(key);
  });
});
