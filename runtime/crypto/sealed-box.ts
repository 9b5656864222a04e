import {
  createAuthenticator,
  decryptBytes,
  encryptBytes,
  equalBytes,
  randomNonce,
  toBase64url,
} from "../platform.js";
import type { KeyRing, RingKey } from "./key-ring.js";
import { createMessageKeys, type MessageKeys, saltBytes } from "./message-keys.js";

/** Seals bytes so that only a holder of the keys can read or make them. */
export interface SealedBox {
  /** `context` says where the bytes belong, as `toContext` gives it; they open nowhere else. */
  seal(plain: Uint8Array, context: Uint8Array): Uint8Array;
  /** What `seal` sealed for the same context, or `null`, whatever is wrong with it. Never throws for what it is given. */
  open(sealed: Uint8Array, context: Uint8Array): Uint8Array | null;
}

/** Where bytes belong: the texts, behind their length, so that no other context and message give the same bytes. */
export function toContext(...texts: readonly string[]): Uint8Array {
  const bytes = Buffer.from(`\0\0\0\0${JSON.stringify(texts)}`);
  bytes.writeUInt32BE(bytes.length - 4);
  return bytes;
}

/**
 * A box for one purpose. Sealed bytes are: format (1), key id (6), salt (12), nonce (12), ciphertext and tag of
 * AES-256-GCM, and an HMAC-SHA256 tag over the context and all of it (32), which is checked first: it refuses forgeries
 * before anything is derived or decrypted, and commits to the key, which GCM alone does not. The key that encrypts is derived from the
 * salt, which changes long before random nonces could meet.
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
      const { id, encryption, authenticate } = keysOf(ring().first);
      const { salt, key } = encryption.next();
      const nonce = randomNonce();
      const additional = Buffer.concat([context, format, id, salt, nonce]);
      const encrypted = encryptBytes(plain, key, nonce, additional);
      const head = additional.subarray(context.length);
      return Buffer.concat([head, encrypted, authenticate(additional, encrypted)]);
    },
    open(sealed, context) {
      if (sealed.length < fewestBytes || sealed[0] !== format[0]) return null;
      const key = ring().find(toBase64url(sealed.subarray(1, saltAt)));
      if (key === undefined) return null;
      const { encryption, authenticate } = keysOf(key);
      const tag = authenticate(context, sealed.subarray(0, -hmacBytes));
      if (!equalBytes(tag, sealed.subarray(-hmacBytes))) return null;
      const additional = Buffer.concat([context, sealed.subarray(0, headBytes)]);
      const nonce = sealed.subarray(nonceAt, headBytes);
      const messageKey = encryption.of(sealed.subarray(saltAt, nonceAt));
      return decryptBytes(sealed.subarray(headBytes, -hmacBytes), messageKey, nonce, additional);
    },
  };
}

interface BoxKeys {
  readonly id: Uint8Array;
  readonly encryption: MessageKeys;
  readonly authenticate: (...parts: readonly Uint8Array[]) => Uint8Array;
}

const format = Uint8Array.of(1);
const idBytes = 6;
const nonceBytes = 12;
const saltAt = 1 + idBytes;
const nonceAt = saltAt + saltBytes;
const headBytes = nonceAt + nonceBytes;
const gcmTagBytes = 16;
const hmacBytes = 32;
const fewestBytes = headBytes + gcmTagBytes + hmacBytes;

function deriveKeys(key: RingKey, purpose: string): BoxKeys {
  return {
    id: Buffer.from(key.id, "base64url"),
    encryption: createMessageKeys(key.derive(`${purpose} encryption`, 32)),
    authenticate: createAuthenticator(key.derive(`${purpose} authentication`, 32)),
  };
}
