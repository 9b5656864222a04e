import { SessionError } from "../platform/errors.js";

/** More cookies of one name than this are not looked at: a client sends one, an attacker sends many. */
const MAX_CANDIDATES = 20;

/** What a cookie with its name and attributes may measure, in bytes (RFC 6265bis, 6.1). */
export const MAX_COOKIE_BYTES = 4096;

/** RFC 6265bis, 4.1.1: `cookie-octet` is printable ASCII without space, quote, comma, semicolon and backslash. */
const COOKIE_OCTETS = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** RFC 9110, 5.6.2: `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const NO_VALUES: readonly string[] = Object.freeze([]);

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;

/**
 * The values that a Cookie header holds under `name`, in their order, at most the first 20; without
 * surrounding blanks and quotes, otherwise as sent (nothing is decoded). Reads the header once, in linear
 * time, and never throws; whether a value is worth anything is for the caller to say.
 */
export function readCookies(header: string | undefined, name: string): readonly string[] {
  if (header === undefined || name === "") return NO_VALUES;
  let at = header.indexOf(name);
  if (at < 0) return NO_VALUES;
  let values: string[] | undefined;
  while (at >= 0) {
    const equals = startsPair(header, at) ? skipBlanks(header, at + name.length) : -1;
    if (equals >= 0 && header.charCodeAt(equals) === EQUALS) {
      const semicolon = header.indexOf(";", equals);
      const end = semicolon < 0 ? header.length : semicolon;
      const value = trimmedValue(header, equals + 1, end);
      // A list that grows is made for seventeen.
      if (values === undefined) values = [value];
      else values.push(value);
      if (semicolon < 0 || values.length === MAX_CANDIDATES) break;
      at = header.indexOf(name, end + 1);
    } else {
      // No blank or semicolon is part of a name, so that no pair starts inside this occurrence.
      at = header.indexOf(name, at + name.length);
    }
  }
  return values ?? NO_VALUES;
}

/**
 * A Set-Cookie value. `attributes` is text that already begins with `"; "`, or is empty.
 * Throws `SessionError`: `"config"` for a name that is no token, `"invalid"` for a value with other than
 * cookie-octets, `"too-large"` above 4096 bytes in all.
 */
export function writeCookie(name: string, value: string, attributes: string): string {
  if (!isCookieName(name)) throw new SessionError("config", "The cookie's name is not an HTTP token.");
  if (!COOKIE_OCTETS.test(value)) {
    throw new SessionError(
      "invalid",
      `The value for the cookie ${name} holds characters no cookie may hold.`,
    );
  }
  const cookie = `${name}=${value}${attributes}`;
  if (cookie.length <= MAX_COOKIE_BYTES) return cookie;
  throw new SessionError(
    "too-large",
    `The cookie ${name} measures ${cookie.length} bytes with its attributes; browsers keep ${MAX_COOKIE_BYTES}.`,
    { details: { bytes: cookie.length, limit: MAX_COOKIE_BYTES } },
  );
}

/** Whether this can be a cookie's name: a `token` of RFC 9110. */
export function isCookieName(name: string): boolean {
  return TOKEN.test(name);
}

/** Whether nothing but blanks stands between this place and the semicolon, or the start, before it. */
function startsPair(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isBlank(header.charCodeAt(before))) before -= 1;
  return before < 0 || header.charCodeAt(before) === SEMICOLON;
}

function skipBlanks(header: string, from: number): number {
  let at = from;
  while (isBlank(header.charCodeAt(at))) at += 1;
  return at;
}

function trimmedValue(header: string, from: number, end: number): string {
  let start = from;
  let stop = end;
  while (start < stop && isBlank(header.charCodeAt(start))) start += 1;
  while (stop > start && isBlank(header.charCodeAt(stop - 1))) stop -= 1;
  const quoted =
    stop - start >= 2 && header.charCodeAt(start) === QUOTE && header.charCodeAt(stop - 1) === QUOTE;
  return quoted ? header.slice(start + 1, stop - 1) : header.slice(start, stop);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
