import { authenticate, randomData } from "../built-ins.js";

/** Keys that each encrypt some messages, derived from one that encrypts none. */
export interface MessageKeys {
  /** The key for the next message, and the salt from which it is derived. */
  next(): SaltedKey;
  /** The key of a salt. It is remembered, so that the salt has to be authentic: only a key's holder may say what is. */
  of(salt: Buffer): Uint8Array;
}

/** A key, and the public bytes that give it again. */
export interface SaltedKey {
  readonly salt: Buffer;
  readonly key: Uint8Array;
}

/** How long a salt is, in bytes: two are equal by chance after 2^48. */
export const saltBytes = 12;

/** So many random nonces of 96 bits are all different, but for odds of 2^-65. */
const messagesPerSalt = 65_536;

/** Those of the processes whose messages come, with room for former ones of each. */
const mostRemembered = 1000;

/** Derives keys from a root key by HMAC-SHA256 over a salt, which changes at random after 65,536 messages. */
export function createMessageKeys(root: Uint8Array): MessageKeys {
  const remembered = new Map<string, Uint8Array>();
  let current: SaltedKey | undefined;
  let used = 0;
  const derive = (salt: Uint8Array): Uint8Array => authenticate(root, salt);
  return {
    next() {
      if (current === undefined || used === messagesPerSalt) {
        const salt = Buffer.from(randomData(saltBytes));
        current = { salt, key: derive(salt) };
        used = 0;
      }
      used += 1;
      return current;
    },
    of(salt) {
      const name = salt.toString("latin1");
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const key = derive(salt);
      // The oldest goes: no client can choose which, since it can only bring salts that were made here.
      if (remembered.size === mostRemembered) remembered.delete(remembered.keys().next().value ?? "");
      remembered.set(name, key);
      return key;
    },
  };
}
