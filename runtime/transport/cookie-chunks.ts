import { randomText } from "../platform/built-ins.js";
import { SessionError } from "../platform/errors.js";
import { MAX_COOKIE_BYTES, readCookies, writeCookie } from "./cookie.js";
import {
  attributesFor,
  type CookiePolicy,
  removalOf,
  removeCookieHeader,
  setCookieHeader,
} from "./cookie-policy.js";

/** What the name-value pairs of chunks may measure together: proxies refuse a longer line of headers. */
const MAX_CHUNKED_BYTES = 8192;

const INDEXES: readonly number[] = [1, 2, 3];

/** A chunk's value: the generation that it belongs to, of how many it is one, and its part of the whole. */
const CHUNK = /^([\w-]{8})\.([23])\.(.+)$/;

/** Of every prefix the same length: eight characters, one digit, two dots. */
const PREFIX_LENGTH = 11;

/** The values that a Cookie header holds for a policy, those that were spread over chunks put together. Never throws. */
export function readTokens(header: string | undefined, policy: CookiePolicy): readonly string[] {
  const values = readCookies(header, policy.name);
  return policy.chunks ? [...values, ...readChunked(header, policy.name)] : values;
}

/**
 * The Set-Cookie values that give the client `value` for so many seconds, or, with `null`, until the browser closes.
 * With chunks, every name that is not used is removed: what stood there belongs to an older value, also when another
 * response has set it meanwhile. Throws as `setCookieHeader` does.
 */
export function setTokenHeaders(
  policy: CookiePolicy,
  value: string,
  maxAgeSeconds: number | null,
): readonly string[] {
  if (!policy.chunks) return [setCookieHeader(policy, value, maxAgeSeconds)];
  const { bytes, limit, parts } = measureToken(policy, value.length, maxAgeSeconds);
  if (bytes > limit) throw tooLarge(policy, bytes, limit);
  const removals = removalsFrom(policy, parts.length);
  if (parts.length === 0) return [setCookieHeader(policy, value, maxAgeSeconds), ...removals];
  const generation = randomText(6);
  const attributes = attributesFor(policy, maxAgeSeconds);
  let at = 0;
  const chunks = parts.map((length, index) => {
    const part = value.slice(at, at + length);
    at += length;
    const name = chunkName(policy.name, index + 1);
    return writeCookie(name, `${generation}.${parts.length}.${part}`, attributes);
  });
  return [...chunks, removeCookieHeader(policy), ...removals];
}

/** The Set-Cookie values that take from the client whatever it holds. */
export function removeTokenHeaders(policy: CookiePolicy): readonly string[] {
  return [removeCookieHeader(policy), ...(policy.chunks ? removalsFrom(policy, 0) : [])];
}

/** What a value would measure as cookies, and what it may. */
export interface TokenSize {
  readonly bytes: number;
  readonly limit: number;
  /** How many characters of the value each chunk holds; empty when one cookie holds it. */
  readonly parts: readonly number[];
}

/** Measures a value of so many characters; `maxAgeSeconds` as for `setTokenHeaders`. */
export function measureToken(policy: CookiePolicy, length: number, maxAgeSeconds: number | null): TokenSize {
  const attributes = attributesFor(policy, maxAgeSeconds).length;
  const bytes = policy.name.length + 1 + length + attributes;
  if (!policy.chunks || bytes <= MAX_COOKIE_BYTES) return { bytes, limit: MAX_COOKIE_BYTES, parts: [] };
  const overhead = chunkName(policy.name, 1).length + 1 + PREFIX_LENGTH;
  const room = Math.max(1, MAX_COOKIE_BYTES - overhead - attributes);
  const parts: number[] = [];
  for (let left = length; left > 0 && parts.length < INDEXES.length; left -= room)
    parts.push(Math.min(left, room));
  const pairs = length + parts.length * overhead + 2 * (parts.length - 1);
  const isWhole = length <= room * parts.length;
  return { bytes: isWhole ? pairs : Math.max(pairs, MAX_CHUNKED_BYTES + 1), limit: MAX_CHUNKED_BYTES, parts };
}

function tooLarge(policy: CookiePolicy, bytes: number, limit: number): SessionError {
  return new SessionError(
    "too-large",
    `The cookie ${policy.name} measures ${bytes} bytes in all its chunks; at most ${limit} are sent.`,
    { details: { bytes, limit } },
  );
}

/** The removals of all chunks after so many. */
function removalsFrom(policy: CookiePolicy, count: number): readonly string[] {
  return INDEXES.slice(count).map((index) => removalOf(chunkName(policy.name, index), policy.attributes));
}

function chunkName(name: string, index: number): string {
  return `${name}.${index}`;
}

/** Chunks of one generation only ever make one value; a generation that is not whole, or is there twice, makes none. */
function readChunked(header: string | undefined, name: string): readonly string[] {
  const generations = new Map<string, Map<number, string>>();
  for (const index of INDEXES) {
    for (const value of readCookies(header, chunkName(name, index))) {
      const [, generation = "", count = "", part = ""] = CHUNK.exec(value) ?? [];
      if (part === "") continue;
      const key = `${generation}.${count}`;
      const parts = generations.get(key) ?? new Map<number, string>();
      generations.set(key, parts);
      // Of two that claim one place neither can be told to be right.
      parts.set(index, parts.has(index) && parts.get(index) !== part ? "" : part);
    }
  }
  return [...generations].flatMap(([key, parts]) => joined(parts, Number(key.slice(-1))));
}

function joined(parts: ReadonlyMap<number, string>, count: number): readonly string[] {
  const found = INDEXES.slice(0, count).map((index) => parts.get(index) ?? "");
  return parts.size === count && found.every((part) => part !== "") ? [found.join("")] : [];
}
