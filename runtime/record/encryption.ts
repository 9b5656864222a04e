import { authenticate, toBase64url } from "../platform/built-ins.js";
import { createKeyRing, type RingKey } from "../platform/crypto/key-ring.js";
import type { KeyTexts } from "../platform/crypto/key-text.js";
import { createSealedBox, toContext } from "../platform/crypto/sealed-box.js";
import type { IndexedValue } from "../types/backend.js";

/** Encryption of records where they are kept. */
export interface EncryptionOptions {
  /** As `session-gen keygen` prints them: the first encrypts, all decrypt. From the environment: parted by commas. */
  readonly keys: KeyTexts;
}

/** The record that encrypted bytes are of: they open as no other, and under no other header. */
export interface EncryptedPlace {
  readonly id: string;
  readonly header: string;
}

/** Encrypts the bytes of records, and stands in for what of them is searched. */
export interface Encryption {
  /** Reads the keys now instead of at first use. Throws `SessionError` `"config"` for a missing or weak one, as all others do. */
  ready(): void;
  /** The public name of the key that encrypts. */
  keyId(): string;
  /** Whether the key of that name is there to decrypt with. */
  hasKey(keyId: string): boolean;
  encrypt(bytes: Uint8Array, place: EncryptedPlace): Uint8Array;
  /** What was encrypted for just this place under a key that is still there, or `null`. */
  decrypt(bytes: Uint8Array, place: EncryptedPlace): Uint8Array | null;
  /** What stands for a value of an indexed field under each key, that which encrypts first. `null` stands for itself. */
  hashes(field: string, value: IndexedValue): readonly [IndexedValue, ...(readonly IndexedValue[])];
}

/** How many bytes encryption adds, at most. */
export const encryptionOverhead = 128;

/** The encryption of a kind's records: as sealed cookies are, with AES-256-GCM and a tag of HMAC-SHA256 over all of it. */
export function createEncryption(kind: string, { keys }: EncryptionOptions): Encryption {
  const ring = createKeyRing(keys, "encryption.keys");
  const box = createSealedBox(ring, "session record");
  const hash = createIndexHash(kind);
  return {
    ready: () => void ring(),
    keyId: () => ring().first.id,
    hasKey: (keyId) => ring().find(keyId) !== undefined,
    encrypt: (bytes, { id, header }) => box.seal(bytes, toContext(header, id)),
    decrypt: (bytes, { id, header }) => box.open(bytes, toContext(header, id)),
    hashes(field, value) {
      const { first, others } = ring();
      return [hash(first, field, value), ...others.map((key) => hash(key, field, value))];
    },
  };
}

type IndexHash = (key: RingKey, field: string, value: IndexedValue) => IndexedValue;

/** HMAC-SHA256 under a key of its own, over the kind, the field and the value: equal values are equal in one field only. */
function createIndexHash(kind: string): IndexHash {
  const derived = new WeakMap<RingKey, Uint8Array>();
  return (key, field, value) => {
    if (value === null) return null;
    const secret = derived.get(key) ?? key.derive("session index", 32);
    derived.set(key, secret);
    return toBase64url(authenticate(secret, Buffer.from(JSON.stringify([kind, field, value]))));
  };
}
