import {
  type Authenticator,
  authenticatorRoom,
  authenticatorTag,
  createAuthenticator,
  decryptBytes,
  encryptBytes,
  randomNonce,
} from "../built-ins.js";
import type { KeyRing, RingKey } from "./key-ring.js";
import { createMessageKeys, type MessageKeys, saltBytes } from "./message-keys.js";

/** Seals bytes so that only a holder of the keys can read or make them. */
export interface SealedBox {
  /** `context` says where the bytes belong, as `toContext` gives it; they open nowhere else. */
  seal(plain: Uint8Array, context: Uint8Array): Uint8Array;
  /** The same as base64url. */
  sealText(plain: Uint8Array, context: Uint8Array): string;
  /** What `seal` sealed for the same context, or `null`, whatever is wrong with it. Never throws for what it is given. */
  open(sealed: Uint8Array, context: Uint8Array): Uint8Array | null;
  /** The same of what `sealText` sealed: `null` also for its bytes in any other text. */
  openText(sealed: string, context: Uint8Array): Uint8Array | null;
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
  const seal = (plain: Uint8Array, context: Uint8Array): Buffer => {
    const { id, encryption, authenticator } = keysOf(ring().first);
    const { salt, key } = encryption.next();
    const nonce = randomNonce();
    const message = lay(context, plain.length + overheadBytes);
    const start = authenticatorRoom + context.length;
    message[start] = format;
    message.set(id, start + 1);
    message.set(salt, start + saltAt);
    message.set(nonce, start + nonceAt);
    const encryptedAt = start + headBytes;
    const additional = message.subarray(authenticatorRoom, encryptedAt);
    const [encrypted, gcmTag] = encryptBytes(plain, key, nonce, additional);
    message.set(encrypted, encryptedAt);
    message.set(gcmTag, encryptedAt + plain.length);
    const tagAt = encryptedAt + plain.length + gcmTagBytes;
    authenticator.sign(message, tagAt);
    return message.subarray(start, tagAt + authenticatorTag);
  };
  /** Opens the bytes that a message has from `start` to `end`, behind its context. */
  const open = (message: Buffer, start: number, end: number): Uint8Array | null => {
    if (end - start < overheadBytes || message[start] !== format) return null;
    const key = ring().find(message.toString("base64url", start + 1, start + saltAt));
    if (key === undefined) return null;
    const { encryption, authenticator } = keysOf(key);
    const tagAt = end - authenticatorTag;
    if (!authenticator.verify(message, tagAt)) return null;
    const encryptedAt = start + headBytes;
    const messageKey = encryption.of(message.subarray(start + saltAt, start + nonceAt));
    const nonce = message.subarray(start + nonceAt, encryptedAt);
    const additional = message.subarray(authenticatorRoom, encryptedAt);
    return decryptBytes(message.subarray(encryptedAt, tagAt), messageKey, nonce, additional);
  };
  return {
    seal: (plain, context) => Buffer.from(seal(plain, context)),
    sealText: (plain, context) => seal(plain, context).toString("base64url"),
    open(sealed, context) {
      const message = lay(context, sealed.length);
      const start = authenticatorRoom + context.length;
      message.set(sealed, start);
      return open(message, start, start + sealed.length);
    },
    openText(sealed, context) {
      const message = lay(context, sealed.length);
      const start = authenticatorRoom + context.length;
      const end = start + message.write(sealed, start, "base64url");
      return message.toString("base64url", start, end) === sealed ? open(message, start, end) : null;
    },
  };
}

/** One message at a time is put together or taken apart here: to allocate its parts would take as long as the rest. */
const desk = Buffer.alloc(16_384);

/** A place for so many bytes behind the context, which is in it, behind the room that the authenticator needs. */
function lay(context: Uint8Array, byteCount: number): Buffer {
  const size = authenticatorRoom + context.length + byteCount;
  const message = size > desk.length ? Buffer.alloc(size) : desk;
  message.set(context, authenticatorRoom);
  return message;
}

interface BoxKeys {
  readonly id: Uint8Array;
  readonly encryption: MessageKeys;
  readonly authenticator: Authenticator;
}

const format = 1;
const idBytes = 6;
const nonceBytes = 12;
const saltAt = 1 + idBytes;
const nonceAt = saltAt + saltBytes;
const headBytes = nonceAt + nonceBytes;
const gcmTagBytes = 16;
const overheadBytes = headBytes + gcmTagBytes + authenticatorTag;

function deriveKeys(key: RingKey, purpose: string): BoxKeys {
  return {
    id: Buffer.from(key.id, "base64url"),
    encryption: createMessageKeys(key.derive(`${purpose} encryption`, 32)),
    authenticator: createAuthenticator(key.derive(`${purpose} authentication`, 32)),
  };
}
