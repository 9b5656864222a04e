import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { SealedRecord, SessionSeal } from "../../runtime/index.js";

/** What the suite asks of a seal: one of these keys, of which the first seals, for a cookie of this name. */
export type MakeSeal = (keys: readonly ("one" | "two")[], cookieName: string) => SessionSeal;

const name = "__Host-session";

const record: SealedRecord = {
  id: "h".repeat(43),
  tenant: null,
  header: "1;json;-;-;0123456789abcdef;session",
  data: new TextEncoder().encode('{"meta":{"writes":""},"fields":{"userId":42}}'),
  createdAt: Date.UTC(2026, 0, 1, 0, 0, 0, 1),
  expiresAt: Date.UTC(2026, 0, 1, 1, 0, 0, 2),
};
const now = record.createdAt;

/** What every seal must do. With `isSwept`, each bit of a token is flipped, which takes a while where verifying is slow. */
export function sealSuite(what: string, make: MakeSeal, { isSwept = true } = {}): void {
  describe(what, () => {
    const seal = make(["one"], name);
    let token = "";
    beforeAll(async () => {
      token = await seal.seal(record);
    });
    const expectRefused = async (text: string): Promise<void> => {
      expect(await seal.open(text, now), `${text.length} characters`).toBeNull();
    };

    it("gives back any record, as a token that a cookie can hold", async () => {
      const records = fc.record({
        id: fc.string({ minLength: 1, unit: "binary" }),
        tenant: fc.option(fc.string({ unit: "binary" })),
        header: fc.string(),
        data: fc.uint8Array({ maxLength: 300 }),
        createdAt: fc.integer({ min: 0, max: now }),
        expiresAt: fc.integer({ min: now + 1, max: 4e12 }),
      });
      await fc.assert(
        fc.asyncProperty(records, async (some) => {
          const sealed = await seal.seal(some);
          expect(sealed).toMatch(/^[\w.-]+$/);
          const opened = await seal.open(sealed, now);
          expect({ ...opened, data: new Uint8Array(opened?.data ?? []) }).toEqual({
            ...some,
            data: new Uint8Array(some.data),
          });
        }),
        { numRuns: 50 },
      );
    });

    it("refuses a token under another cookie's name", async () => {
      expect(await make(["one"], "__Host-admin-session").open(token, now)).toBeNull();
      expect(await make(["one"], "").open(token, now)).toBeNull();
    });

    it("lets keys take turns, and opens nothing of a retired one", async () => {
      const both = make(["one", "two"], name);
      const moved = make(["two", "one"], name);
      expect(await both.open(token, now)).toEqual(await seal.open(token, now));
      expect(await moved.open(token, now)).toEqual(await seal.open(token, now));
      const newer = await moved.seal(record);
      expect(await both.open(newer, now)).not.toBeNull();
      expect(await seal.open(newer, now)).toBeNull();
      expect(await make(["two"], name).open(token, now)).toBeNull();
    });

    it("refuses what is cut, lengthened or put together from two", async () => {
      const other = await seal.seal({ ...record, id: "i".repeat(43) });
      for (let end = 0; end < token.length; end += 1) await expectRefused(token.slice(0, end));
      for (let start = 1; start < token.length; start += 7) await expectRefused(token.slice(start));
      for (let at = 8; at < token.length - 8; at += 7) {
        const mixed = token.slice(0, at) + other.slice(at);
        if (mixed !== token && mixed !== other) await expectRefused(mixed);
      }
      for (const more of ["A", "AAAA", "=", "==", ".", " ", "\n", "\0", token]) {
        await expectRefused(token + more);
        await expectRefused(more + token);
      }
    });

    it("refuses other spellings of the same bytes", async () => {
      for (const spelling of respellings(token)) {
        expect(spelling).not.toBe(token);
        await expectRefused(spelling);
      }
    });

    it("refuses any text, and any damage, in one way", async () => {
      const damage = fc
        .tuple(fc.nat(token.length - 1), fc.string({ maxLength: 3, unit: "binary" }), fc.nat(3))
        .map(([at, insert, removed]) => token.slice(0, at) + insert + token.slice(at + removed))
        .filter((text) => text !== token);
      const texts = fc.oneof(fc.string({ unit: "binary" }), fc.base64String({ maxLength: 400 }), damage);
      await fc.assert(fc.asyncProperty(texts, expectRefused), { numRuns: 500 });
    });

    if (isSwept) sweep(() => ({ seal, token }));
  });
}

function sweep(given: () => { readonly seal: SessionSeal; readonly token: string }): void {
  it("refuses every flipped bit", async () => {
    const { seal, token } = given();
    const bytes = Buffer.from(token, "latin1");
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if ((await seal.open(flipped.toString("latin1"), now)) === null) refused += 1;
    }
    expect(refused).toBe(bytes.length * 8);
    expect(await seal.open(token, now)).not.toBeNull();
  });
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Texts that a lenient decoder takes for the same: padding, blanks, the other alphabet, bits that no byte has. */
function respellings(token: string): readonly string[] {
  const spellings = [` ${token}`, `${token.slice(0, 9)}\n${token.slice(9)}`, token.replace(/(.{12})/, "$1=")];
  const standard = token.replaceAll("-", "+").replaceAll("_", "/");
  if (standard !== token) spellings.push(standard);
  const ends = [...token.matchAll(/(?=\.|$)/g)].map(({ index }) => index - 1);
  for (const end of ends) {
    const start = token.lastIndexOf(".", end) + 1;
    const spareBits = ((end - start + 1) * 6) % 8;
    const value = alphabet.indexOf(token.charAt(end));
    for (let spare = 1; spare < 2 ** spareBits; spare += 1) {
      spellings.push(token.slice(0, end) + alphabet.charAt(value ^ spare) + token.slice(end + 1));
    }
    if (spareBits > 0)
      spellings.push(`${token.slice(0, end + 1)}${"=".repeat(spareBits / 2)}${token.slice(end + 1)}`);
  }
  return spellings;
}
