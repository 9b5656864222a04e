import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { setImmediate } from "node:timers";

/** The SHA-256 of a text's UTF-8 bytes, as 43 characters of base64url. */
export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}

/** The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** So many bytes of the system's secure randomness, as base64url. */
export function randomText(byteCount: number): string {
  return randomBytes(byteCount).toString("base64url");
}

/** Made at once, since each question to the system costs more than the few characters of an id. */
const pool = { text: "", used: 0 };
const poolBytes = 3072;

/**
 * So many random characters of base64url, 6 bits each, that were waiting in memory: for what must be unique, not for
 * secrets. At most twelve: a longer part of a text would keep all of it.
 */
export function randomId(length: number): string {
  if (pool.used + length > pool.text.length) {
    pool.text = randomText(poolBytes);
    pool.used = 0;
  }
  pool.used += length;
  return pool.text.slice(pool.used - length, pool.used);
}

/** So many bytes of the system's secure randomness. */
export function randomData(byteCount: number): Uint8Array {
  return randomBytes(byteCount);
}

let nonces: Buffer = Buffer.alloc(0);
let noncesUsed = 0;

/** Twelve random bytes that were waiting in memory: for what must be unique, not for secrets. Nobody may change them. */
export function randomNonce(): Uint8Array {
  if (noncesUsed === nonces.length) {
    nonces = randomBytes(poolBytes);
    noncesUsed = 0;
  }
  noncesUsed += 12;
  return nonces.subarray(noncesUsed - 12, noncesUsed);
}

/** HKDF-SHA256 (RFC 5869) without a salt: so many bytes for one purpose from a key of high entropy. */
export function deriveBytes(key: Uint8Array, purpose: string, byteCount: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), purpose, byteCount));
}

/** HMAC-SHA256 over these parts as if they were one. */
export function authenticate(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** How many bytes an authenticator needs before a message, which it writes over. */
export const authenticatorRoom = 64;

/** How long a tag is, in bytes. */
export const authenticatorTag = 32;

/** HMAC-SHA256 under one key, for many messages, each of which stands in `bytes` behind `authenticatorRoom`, up to `end`. */
export interface Authenticator {
  /** Puts a message's tag behind it. */
  sign(bytes: Buffer, end: number): void;
  /** Whether a message's tag stands behind it, in a time that does not tell how much of it does. */
  verify(bytes: Buffer, end: number): boolean;
}

/**
 * An authenticator under a key of at most 64 bytes: HMAC as RFC 2104 writes it, of two hashes, since the object that
 * `createHmac` makes for each message costs as much again. Hashing a message where it is copies nothing.
 */
export function createAuthenticator(key: Uint8Array): Authenticator {
  const inner = paddedKey(key, 0x36);
  const outer = Buffer.concat([paddedKey(key, 0x5c), Buffer.alloc(authenticatorTag)]);
  const expected = Buffer.alloc(authenticatorTag);
  const writeTag = (bytes: Buffer, end: number, target: Buffer, at: number): void => {
    bytes.set(inner);
    // As texts, each of which is made in a third of the time that a buffer is.
    outer.write(hash("sha256", bytes.subarray(0, end), "binary"), authenticatorRoom, "binary");
    target.write(hash("sha256", outer, "binary"), at, "binary");
  };
  return {
    sign: (bytes, end) => writeTag(bytes, end, bytes, end),
    verify(bytes, end) {
      writeTag(bytes, end, expected, 0);
      return equalBytes(expected, bytes.subarray(end, end + authenticatorTag));
    },
  };
}

function paddedKey(key: Uint8Array, padding: number): Uint8Array {
  return Buffer.alloc(authenticatorRoom, padding).map((byte, index) => byte ^ (key[index] ?? 0));
}

/** Whether two texts of bytes are equal, in a time that does not tell where they differ. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** AES-256-GCM. The nonce of 12 bytes must never be used twice with one key; the tag has 16 bytes. */
export function encryptBytes(
  plain: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
): readonly [encrypted: Uint8Array, tag: Uint8Array] {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  // Cloudflare's workers take none that is empty.
  if (additional.length > 0) cipher.setAAD(additional);
  const encrypted = cipher.update(plain);
  // Gives no bytes.
  cipher.final();
  return [encrypted, cipher.getAuthTag()];
}

/** What `encryptBytes` encrypted with the same key, nonce and additional data, its tag behind it, or `null`. */
export function decryptBytes(
  sealed: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
): Uint8Array | null {
  if (sealed.length < 16) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce);
    if (additional.length > 0) decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = decipher.update(sealed.subarray(0, -16));
    // Gives no bytes, and throws when the tag is wrong.
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}

/** Bytes as base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

/** The bytes of a text that `toBase64url` would have written in just this way, else `null`. */
export function fromBase64url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

/** Encrypts a text under a secret of high entropy (AES-256-GCM, random nonce), as base64url. */
export function sealText(text: string, secret: string): string {
  const nonce = randomBytes(12);
  const sealed = encryptBytes(Buffer.from(text), sealingKey(secret), nonce, nothing);
  return Buffer.concat([nonce, ...sealed]).toString("base64url");
}

/** What `sealText` encrypted under the same secret, or `null`. */
export function openText(sealed: string, secret: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < 28) return null;
  const text = decryptBytes(bytes.subarray(12), sealingKey(secret), bytes.subarray(0, 12), nothing);
  return text === null ? null : Buffer.from(text).toString("utf8");
}

const nothing = new Uint8Array(0);

function sealingKey(secret: string): Buffer {
  return hash("sha256", `session-gen sealing\0${secret}`, "buffer");
}

/**
 * Calls back once the event loop has heard all that has arrived from sockets and disks. By Node's own function, which no
 * test's fake clock stands for: such a test would have to let one more moment pass.
 */
export function afterListening(callback: () => void): void {
  setImmediate(callback);
}

/** The name of the method by which `console.log` shows an object. */
export const customInspect: symbol = Symbol.for("nodejs.util.inspect.custom");
