import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { authenticate, randomText } from "../../../runtime/platform/built-ins.js";
import { createKeyRing } from "../../../runtime/platform/crypto/key-ring.js";
import { createSealedBox, toContext } from "../../../runtime/platform/crypto/sealed-box.js";

const key = randomText(32);
const ring = createKeyRing(key, "keys");
const box = createSealedBox(ring, "a purpose");
const nowhere = toContext();
const plain = new TextEncoder().encode("what is sealed");

describe("createSealedBox", () => {
  it("gives back any bytes for the same context, 79 bytes longer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.array(fc.string()), (bytes, texts) => {
        const context = toContext(...texts);
        const sealed = box.seal(bytes, context);
        expect(sealed).toHaveLength(bytes.length + 79);
        expect(new Uint8Array(box.open(sealed, context) ?? [])).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it("opens in no other context, however alike", () => {
    const sealed = box.seal(plain, toContext("a", "b"));
    for (const texts of [[], ["a"], ["b", "a"], ["ab"], ["a", "b", ""], ["a,b"], ['a","b']]) {
      expect(box.open(sealed, toContext(...texts))).toBeNull();
    }
  });

  it("opens for no other purpose, and with no other key", () => {
    const sealed = box.seal(plain, nowhere);
    expect(createSealedBox(ring, "another").open(sealed, nowhere)).toBeNull();
    expect(
      createSealedBox(createKeyRing(randomText(32), "keys"), "a purpose").open(sealed, nowhere),
    ).toBeNull();
    expect(
      createSealedBox(createKeyRing([randomText(32), key], "keys"), "a purpose").open(sealed, nowhere),
    ).toEqual(Buffer.from(plain));
  });

  it("refuses a foreign key's name before anything else, and its own name on a foreign box", () => {
    const sealed = box.seal(plain, nowhere);
    const foreign = createSealedBox(createKeyRing(randomText(32), "keys"), "a purpose").seal(plain, nowhere);
    const renamed = Buffer.from(foreign);
    renamed.set(sealed.subarray(1, 7), 1);
    expect(box.open(foreign, nowhere)).toBeNull();
    expect(box.open(renamed, nowhere)).toBeNull();
  });

  it("is not fooled by a right tag of the outer kind alone", () => {
    const sealed = Buffer.from(box.seal(plain, nowhere));
    const { first } = ring();
    sealed[40] = (sealed[40] ?? 0) ^ 1;
    const context = Buffer.from("[]");
    const length = Buffer.from([0, 0, 0, context.length]);
    const additional = Buffer.concat([length, context, sealed.subarray(0, 31)]);
    const tag = authenticate(
      first.derive("a purpose authentication", 32),
      additional,
      sealed.subarray(31, -32),
    );
    sealed.set(tag, sealed.length - 32);
    expect(box.open(sealed, nowhere)).toBeNull();
  });

  it("refuses every flipped bit, every cut and every other format", () => {
    const sealed = Buffer.from(box.seal(plain, toContext("context")));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(box.open(flipped, toContext("context"))).toBeNull();
    }
    for (let end = 0; end < sealed.length; end += 1) {
      expect(box.open(sealed.subarray(0, end), toContext("context"))).toBeNull();
    }
  });

  it("gives every message a nonce of its own, and many of them one salt", () => {
    const messages = Array.from({ length: 10_000 }, () => Buffer.from(box.seal(plain, nowhere)));
    expect(new Set(messages.map((sealed) => sealed.toString("hex", 19, 31))).size).toBe(10_000);
    expect(new Set(messages.map((sealed) => sealed.toString("hex", 7, 19))).size).toBe(1);
    expect(messages.every((sealed) => Buffer.from(plain).equals(box.open(sealed, nowhere) ?? nowhere))).toBe(
      true,
    );
  });

  it("opens what was sealed when each message had a salt of its own", () => {
    const before =
      "AU30PSO9kdUWqAqa1C5kn8xVcJtVt9r45fca4QaUhc6NYMWkNwBrNCViLb3vLb_tfurq8OJvejel0CvZh89YwhVEQvvYB35Ij_vLAsk-ql-3ipdas9iE7_iwLhEb";
    const former = createSealedBox(
      createKeyRing("AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o", "keys"),
      "a purpose",
    );
    expect(former.open(Buffer.from(before, "base64url"), toContext("context"))).toEqual(Buffer.from(plain));
  });

  it("remembers nothing of what is forged", () => {
    const reader = createSealedBox(ring, "a purpose");
    const sealed = Buffer.from(box.seal(plain, nowhere));
    const salted = Buffer.from(sealed);
    salted[7] = (salted[7] ?? 0) ^ 1;
    const remember = vi.spyOn(Map.prototype, "set");
    try {
      for (const forged of [salted, box.seal(plain, toContext("elsewhere"))]) {
        expect(reader.open(forged, nowhere)).toBeNull();
        expect(remember).not.toHaveBeenCalled();
      }
      expect(reader.open(sealed, nowhere)).toEqual(Buffer.from(plain));
      expect(remember.mock.calls.map(([salt]) => salt)).toEqual([sealed.toString("latin1", 7, 19)]);
    } finally {
      remember.mockRestore();
    }
  });
});
