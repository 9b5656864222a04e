import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyRing } from "../../../runtime/crypto/key-ring.js";
import { createSealedBox } from "../../../runtime/crypto/sealed-box.js";
import { authenticate, randomText } from "../../../runtime/platform.js";

const key = randomText(32);
const ring = createKeyRing(key, "keys");
const box = createSealedBox(ring, "a purpose");
const plain = new TextEncoder().encode("what is sealed");

describe("createSealedBox", () => {
  it("gives back any bytes for the same context, 79 bytes longer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.array(fc.string()), (bytes, context) => {
        const sealed = box.seal(bytes, context);
        expect(sealed).toHaveLength(bytes.length + 79);
        expect(new Uint8Array(box.open(sealed, context) ?? [])).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it("opens in no other context, however alike", () => {
    const sealed = box.seal(plain, ["a", "b"]);
    for (const context of [[], ["a"], ["b", "a"], ["ab"], ["a", "b", ""], ["a,b"], ['a","b']]) {
      expect(box.open(sealed, context)).toBeNull();
    }
  });

  it("opens for no other purpose, and with no other key", () => {
    const sealed = box.seal(plain, []);
    expect(createSealedBox(ring, "another").open(sealed, [])).toBeNull();
    expect(createSealedBox(createKeyRing(randomText(32), "keys"), "a purpose").open(sealed, [])).toBeNull();
    expect(
      createSealedBox(createKeyRing([randomText(32), key], "keys"), "a purpose").open(sealed, []),
    ).toEqual(Buffer.from(plain));
  });

  it("refuses a foreign key's name before anything else, and its own name on a foreign box", () => {
    const sealed = box.seal(plain, []);
    const foreign = createSealedBox(createKeyRing(randomText(32), "keys"), "a purpose").seal(plain, []);
    const renamed = Buffer.from(foreign);
    renamed.set(sealed.subarray(1, 7), 1);
    expect(box.open(foreign, [])).toBeNull();
    expect(box.open(renamed, [])).toBeNull();
  });

  it("is not fooled by a right tag of the outer kind alone", () => {
    const sealed = Buffer.from(box.seal(plain, []));
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
    expect(box.open(sealed, [])).toBeNull();
  });

  it("refuses every flipped bit, every cut and every other format", () => {
    const sealed = Buffer.from(box.seal(plain, ["context"]));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(box.open(flipped, ["context"])).toBeNull();
    }
    for (let end = 0; end < sealed.length; end += 1) {
      expect(box.open(sealed.subarray(0, end), ["context"])).toBeNull();
    }
  });
});
