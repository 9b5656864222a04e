import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** What one writes by hand to seal text. */
export interface BytesSeal {
  seal(text: string): Buffer;
  /** Throws for what was not sealed so. */
  open(sealed: Buffer): Buffer;
}

/** AES-256-GCM: a nonce, the ciphertext and the tag. */
export function createPlainSeal(key: Buffer): BytesSeal {
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed) {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}

/** The same, and behind it an HMAC-SHA256 over all of it under a key of its own, which is checked first. */
export function createTaggedSeal(key: Buffer): BytesSeal {
  const { seal, open } = createPlainSeal(key);
  const tagKey = Buffer.from(hkdfSync("sha256", key, "", "tag", 32));
  const tagOf = (sealed: Buffer): Buffer => createHmac("sha256", tagKey).update(sealed).digest();
  return {
    seal(text) {
      const sealed = seal(text);
      return Buffer.concat([sealed, tagOf(sealed)]);
    },
    open(tagged) {
      const sealed = tagged.subarray(0, -32);
      if (!timingSafeEqual(tagOf(sealed), tagged.subarray(-32))) throw new Error("It is forged.");
      return open(sealed);
    },
  };
}
