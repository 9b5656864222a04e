import { deriveBytes, toBase64url } from "../built-ins.js";
import { isReference } from "../env.js";
import { SessionError } from "../errors.js";
import { decodeSecrets, type KeyTexts, resolveKeyTexts, splitAtCommas } from "./key-text.js";

/** One secret key, from which each purpose gets its own. */
export interface RingKey {
  /** Its public name, stored beside what it sealed: eight characters of base64url that tell nothing about it. */
  readonly id: string;
  /** HKDF-SHA256: the bytes for a purpose tell nothing about those for another, or about the key. */
  derive(purpose: string, byteCount: number): Uint8Array;
}

/**
 * The keys of an app, which take turns: the first seals, all open. To rotate, append the new key and deploy; move it
 * first and deploy; drop the old one when what it sealed has expired.
 */
export interface KeyRing {
  readonly first: RingKey;
  /** Those that only open. */
  readonly others: readonly RingKey[];
  /** The key of that public name; `undefined` when it was retired, or never was one. */
  find(id: string): RingKey | undefined;
}

/**
 * A ring of the keys that `session-gen keygen` prints, resolved when it is first asked for. Then `SessionError`
 * `"config"` is thrown, naming `option`, for a missing variable, a weak key, or one that is listed twice.
 */
export function createKeyRing(keys: KeyTexts, option: string): () => KeyRing {
  let ring: KeyRing | undefined;
  return () => {
    ring ??= toRing(decodeSecrets(splitAtCommas(resolveKeyTexts(keys, option)), option), option);
    return ring;
  };
}

/** Refuses keys that stand in the code, where the environment has no say, as `createKeyRing` would at first use. */
export function checkStatedKeys(keys: KeyTexts, option: string): void {
  if (![keys].flat().some(isReference)) createKeyRing(keys, option)();
}

/** The public name of a secret. */
export function toKeyId(secret: Uint8Array): string {
  return toBase64url(deriveBytes(secret, "session-gen key id", 6));
}

function toRing(secrets: readonly Uint8Array[], option: string): KeyRing {
  const byId = new Map(secrets.map((secret) => [toKeyId(secret), secret]));
  const [first, ...others] = [...byId].map(([id, secret]) => toKey(id, secret));
  if (first === undefined || byId.size < secrets.length) throw repeated(option);
  const keys = new Map([first, ...others].map((key) => [key.id, key]));
  return { first, others, find: (id) => keys.get(id) };
}

function toKey(id: string, secret: Uint8Array): RingKey {
  return {
    id,
    derive: (purpose, byteCount) => deriveBytes(secret, `session-gen ${purpose}`, byteCount),
  };
}

/** The error of a key that is there twice: whoever lists it so means another one. */
function repeated(option: string): SessionError {
  return new SessionError(
    "config",
    `${option}: one key is listed twice. Remove it, or put the one you meant.`,
  );
}
