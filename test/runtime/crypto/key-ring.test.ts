import { describe, expect, it } from "vitest";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { createKeyRing } from "../../../runtime/platform/crypto/key-ring.js";
import { env } from "../../../runtime/platform/env.js";

const key = randomText(32);
const other = randomText(32);

describe("createKeyRing", () => {
  it("puts the first key first, and finds all by a public id", () => {
    const ring = createKeyRing([key, `${other}`], "keys")();
    expect(ring.first.id).toMatch(/^[\w-]{8}$/);
    expect(ring.find(ring.first.id)).toBe(ring.first);
    const [second] = [createKeyRing(other, "keys")().first];
    expect(ring.find(second.id)?.id).toBe(second.id);
    expect(ring.find("AAAAAAAA")).toBeUndefined();
    expect(key).not.toContain(ring.first.id);
  });

  it("derives other bytes for each purpose and key, the same each time", () => {
    const { first } = createKeyRing([key, other], "keys")();
    const bytes = first.derive("a purpose", 32);
    expect(bytes).toHaveLength(32);
    expect(createKeyRing(key, "keys")().first.derive("a purpose", 32)).toEqual(bytes);
    expect(first.derive("another", 32)).not.toEqual(bytes);
    expect(createKeyRing(other, "keys")().first.derive("a purpose", 32)).not.toEqual(bytes);
  });

  it("reads the environment when it is first asked, not before", () => {
    delete process.env["RING_TEST_KEYS"];
    const ring = createKeyRing([env("RING_TEST_KEYS"), other], "keys");
    expect(ring).toThrow(expect.objectContaining({ code: "config" }));
    process.env["RING_TEST_KEYS"] = ` ${key} ,${randomText(40)}`;
    expect(ring().first.id).toBe(createKeyRing(key, "keys")().first.id);
    delete process.env["RING_TEST_KEYS"];
  });

  it("takes keys of other makers of random bytes: hexadecimal, and base64 with padding", () => {
    const bytes = Buffer.from(key, "base64url");
    expect(() => createKeyRing(bytes.toString("hex"), "keys")()).not.toThrow();
    expect(createKeyRing(bytes.toString("base64"), "keys")().first.id).toBe(
      createKeyRing(key, "keys")().first.id,
    );
  });

  it.each([
    ["nothing", ""],
    ["an empty list", []],
    ["only commas", " , ,"],
    ["a short key", randomText(31)],
    ["one weak among good ones", [key, "secret"]],
    ["a word again and again", "secretsecretsecretsecretsecretsecretsecretsecret"],
    ["one letter", "a".repeat(64)],
    ["counted digits", "0123456789".repeat(7)],
    ["a passphrase", "correct-horse-battery-staple-and-some-more-words"],
    ["what is no base64", `${key.slice(0, 42)}!`],
    ["the same key twice", [key, key]],
    ["the same key in two spellings", [key, Buffer.from(key, "base64url").toString("base64")]],
    ["the same key twice in one text", `${key},${other},${key}`],
  ])("refuses %s, without repeating it", (_what, keys) => {
    let thrown: unknown;
    try {
      createKeyRing(keys, "the keys of the test")();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "config",
      message: expect.stringContaining("the keys of the test"),
    });
    const text = JSON.stringify([thrown, String(thrown)]);
    for (const secret of [keys].flat()) if (secret.length > 8) expect(text).not.toContain(secret);
  });
});
