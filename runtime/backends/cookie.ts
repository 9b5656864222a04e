import { checkStatedKeys, createKeyRing } from "../platform/crypto/key-ring.js";
import type { KeyTexts } from "../platform/crypto/key-text.js";
import { createSealedBox, toContext } from "../platform/crypto/sealed-box.js";
import { anyValue, assertOptions, plainText } from "../platform/options.js";
import type { SealedRecord, SessionSeal } from "../types/seal.js";
import { packRecord, unpackRecord } from "./seal/packed-record.js";

/** Options of `createCookieBackend`. */
export interface CookieBackendOptions {
  /** As `session-gen keygen` prints them: the first seals, all open. From the environment: parted by commas. */
  readonly keys: KeyTexts;
  /** The cookie that the tokens are for; they open under no other name. `"__Host-session"` when left out. */
  readonly cookieName?: string;
}

const option = "The cookie backend's keys";

/**
 * Sessions kept in the client's cookie: encrypted with AES-256-GCM, and authenticated as a whole with HMAC-SHA256. Cookie
 * name, kind, tenant and format are bound in. The client can neither read nor change what it carries, but it can send an
 * older one again; see `SessionSeal`. Throws `SessionError` `"config"` for keys that are no secrets, at first use when they come
 * from the environment.
 */
export function createCookieBackend(options: CookieBackendOptions): SessionSeal {
  assertOptions("createCookieBackend", options, { keys: anyValue, cookieName: plainText });
  const { keys, cookieName = "__Host-session" } = options;
  checkStatedKeys(keys, option);
  const ring = createKeyRing(keys, option);
  const box = createSealedBox(ring, "session cookie");
  const context = toContext("session cookie", cookieName);
  const sealNow = (record: SealedRecord): string => box.sealText(packRecord(record), context);
  const openNow = (token: string): SealedRecord | null => {
    const packed = box.openText(token, context);
    return packed && unpackRecord(packed);
  };
  return {
    sealNow,
    openNow,
    seal: async (record) => sealNow(record),
    open: async (token) => openNow(token),
    async ready() {
      ring();
    },
  };
}
