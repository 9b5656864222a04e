import {
  authenticate,
  decryptBytes,
  encryptBytes,
  equalBytes,
  randomData,
  toBase64url,
} from "../platform.js";
import type { KeyRing, RingKey } from "./key-ring.js";

/** Seals bytes so that only a holder of the keys can read or make them. */
export interface SealedBox {
  /** `context` says where the bytes belong; they open nowhere else. */
  seal(plain: Uint8Array, context: readonly string[]): Uint8Array;
  /** What `seal` sealed for the same context, or `null`, whatever is wrong with it. Never throws for what it is given. */
  open(sealed: Uint8Array, context: readonly string[]): Uint8Array | null;
}

/**
 * A box for one purpose. Sealed bytes are: format (1), key id (6), nonce (24), ciphertext and tag of AES-256-GCM, and
 * an HMAC-SHA256 tag over all of it and the context (32), which is checked first: it refuses forgeries before anything
 * is decrypted, and commits to the key, which GCM alone does not. Each message has a key of its own, derived from the
 * first half of the nonce, so that random nonces do not run out.
 */
export function createSealedBox(ring: () => KeyRing, purpose: string): SealedBox {
  const derived = new WeakMap<RingKey, BoxKeys>();
  const keysOf = (key: RingKey): BoxKeys => {
    let keys = derived.get(key);
    if (keys === undefined) {
      keys = deriveKeys(key, purpose);
      derived.set(key, keys);
    }
    return keys;
  };
  return {
    seal(plain, context) {
      const { first } = ring();
      const { encryption, authentication } = keysOf(first);
      const nonce = randomData(nonceBytes);
      const head = Buffer.concat([format, Buffer.from(first.id, "base64url"), nonce]);
      const additional = toAdditional(context, head);
      const key = authenticate(encryption, nonce.subarray(0, 12));
      const sealed = encryptBytes(plain, key, nonce.subarray(12), additional);
      return Buffer.concat([head, sealed, authenticate(authentication, additional, sealed)]);
    },
    open(sealed, context) {
      if (sealed.length < fewestBytes || sealed[0] !== format[0]) return null;
      const key = ring().find(toBase64url(sealed.subarray(1, 1 + idBytes)));
      if (key === undefined) return null;
      const { encryption, authentication } = keysOf(key);
      const additional = toAdditional(context, sealed.subarray(0, headBytes));
      const encrypted = sealed.subarray(headBytes, -hmacBytes);
      const tag = authenticate(authentication, additional, encrypted);
      if (!equalBytes(tag, sealed.subarray(-hmacBytes))) return null;
      const nonce = sealed.subarray(1 + idBytes, headBytes);
      const messageKey = authenticate(encryption, nonce.subarray(0, 12));
      return decryptBytes(encrypted, messageKey, nonce.subarray(12), additional);
    },
  };
}

interface BoxKeys {
  readonly encryption: Uint8Array;
  readonly authentication: Uint8Array;
}

const format = Uint8Array.of(1);
const idBytes = 6;
const nonceBytes = 24;
const headBytes = 1 + idBytes + nonceBytes;
const gcmTagBytes = 16;
const hmacBytes = 32;
const fewestBytes = headBytes + gcmTagBytes + hmacBytes;

function deriveKeys(key: RingKey, purpose: string): BoxKeys {
  return {
    encryption: key.derive(`${purpose} encryption`, 32),
    authentication: key.derive(`${purpose} authentication`, 32),
  };
}

/** Its length comes first, so that no other context and head give the same bytes. */
function toAdditional(context: readonly string[], head: Uint8Array): Uint8Array {
  const text = JSON.stringify(context);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(4 + length + head.length);
  bytes.writeUInt32BE(length);
  bytes.write(text, 4);
  bytes.set(head, 4 + length);
  return bytes;
}
