import type { CryptoKey, JWTHeaderParameters, RemoteJWKSet } from "jose";
import { SessionError } from "../../session-error.js";
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
  let quietUntil = Number.NEGATIVE_INFINITY;
  return async (header, now) => {
    if (now < quietUntil) return findKnown(jose, keys, header);
    try {
      return await keys(header);
    } catch (error) {
      if (isAbsence(error)) return null;
      quietUntil = now + pause;
      throw unreadable(codeOf(error));
    }
  };
}

/** What is known stays good while nobody is asked: or tokens that name other keys could close it for all. */
async function findKnown(jose: Jose, keys: RemoteJWKSet, header: JWTHeaderParameters): Promise<CryptoKey> {
  const known = keys.fresh ? keys.jwks() : undefined;
  try {
    if (known !== undefined) return await jose.createLocalJWKSet(known)(header);
  } catch {
    // It may have been published meanwhile.
  }
  throw unreadable("a moment ago");
}

function unreadable(reason: string): SessionError {
  return new SessionError("unavailable", `The published keys could not be read (${reason}).`);
}

function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new SessionError("config", "The jwt backend's jwks must be the URL of a JWK Set.");
}

const absences: readonly string[] = ["ERR_JWKS_NO_MATCHING_KEY", "ERR_JWKS_MULTIPLE_MATCHING_KEYS"];

function isAbsence(error: unknown): boolean {
  return absences.includes(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
