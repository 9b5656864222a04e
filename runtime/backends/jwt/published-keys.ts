import type { CryptoKey, JWTHeaderParameters, RemoteJWKSet } from "jose";
import { SessionError } from "../../platform/errors.js";
import type { Jose } from "./jwt-keys.js";

/**
 * Finds a published key by the header of a token; `now` is the time in epoch milliseconds. `null` when there is none.
 * Rejects with `SessionError` `"unavailable"` when the place of publication fails.
 */
export type PublishedKeys = (header: JWTHeaderParameters, now: number) => Promise<CryptoKey | null>;

/** How long one reading may take, in milliseconds. */
const patience = 2000;

/** How long a place that failed is left alone, in milliseconds. */
const pause = 1000;

/**
 * The keys published at a URL (a JWK Set, RFC 7517), read when a token names a key that is not known, and then not again
 * for half a minute, or for a second when that failed, however many such tokens come. Throws `SessionError` `"config"`
 * for what is no URL of HTTP.
 */
export function createPublishedKeys(jose: Jose, url: string): PublishedKeys {
  const keys: RemoteJWKSet = jose.createRemoteJWKSet(toUrl(url), { timeoutDuration: patience });
  let failedAt = Number.NEGATIVE_INFINITY;
  const ask: PublishedKeys = async (header, now) => {
    try {
      return await keys(header);
    } catch (error) {
      // Where the key is known, it is the one that is at fault, and not the place.
      const known = isAbsence(error) ? null : await findKnown(jose, keys, header);
      if (known !== undefined) return known;
      failedAt = now;
      throw unreadable(codeOf(error));
    }
  };
  return async (header, now) => {
    // A clock that was set back is no reason to wait for longer.
    const isQuiet = Math.abs(now - failedAt) < pause;
    const found = isQuiet ? await findKnown(jose, keys, header) : await ask(header, now);
    if (found === undefined) throw unreadable("a moment ago");
    return found;
  };
}

/**
 * Looks among what was read: it stays good while nobody is asked, or tokens that name other keys could close it for all.
 * `null` for a key that cannot be used; `undefined` for one that is not there, as it may have been published meanwhile.
 */
async function findKnown(
  jose: Jose,
  keys: RemoteJWKSet,
  header: JWTHeaderParameters,
): Promise<CryptoKey | null | undefined> {
  const known = keys.fresh ? keys.jwks() : undefined;
  if (known === undefined) return undefined;
  try {
    return await jose.createLocalJWKSet(known)(header);
  } catch (error) {
    return codeOf(error) === noSuchKey ? undefined : null;
  }
}

function unreadable(reason: string): SessionError {
  return new SessionError("unavailable", `The published keys could not be read (${reason}).`);
}

function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new SessionError("config", "The jwt backend's jwks must be the URL of a JWK Set.");
}

const noSuchKey = "ERR_JWKS_NO_MATCHING_KEY";
const absences: readonly string[] = [noSuchKey, "ERR_JWKS_MULTIPLE_MATCHING_KEYS"];

function isAbsence(error: unknown): boolean {
  return absences.includes(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
