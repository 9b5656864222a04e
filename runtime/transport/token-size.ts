import { SessionError } from "../platform/errors.js";
import { storedFields } from "../record/visible-fields.js";
import type { SessionContext } from "../session/context.js";
import type { StoredSession } from "../token/token-store.js";
import { measureToken, type TokenSize } from "./cookie-chunks.js";
import type { CookiePolicy } from "./cookie-policy.js";

/** The room that cookies have for a sealed session. */
export interface TokenRoom {
  /** Whether the token fits, with its name and attributes. */
  fits(token: string, stored: StoredSession): boolean;
  /** Throws `SessionError` `"too-large"`, naming the largest fields, when it does not, or would not after a change of id. */
  assertFits(token: string, stored: StoredSession): void;
}

/** What a change of id adds to a token, in characters: it must not fail in a request that only reads. */
const changeOfId = 140;

const namedFields = 3;

/** The room of a kind's cookie. The ids of its sessions change where revocations are kept. */
export function createTokenRoom(
  context: SessionContext,
  cookiePolicy: () => CookiePolicy,
  { changesIds }: { readonly changesIds: boolean },
): TokenRoom {
  const measure = (length: number, { expiresAt, meta }: StoredSession): TokenSize => {
    const left = (expiresAt - context.clock()) / 1000;
    return measureToken(cookiePolicy(), length, meta.expiry === "browser" ? null : left);
  };
  return {
    fits(token, stored) {
      const { bytes, limit } = measure(token.length, stored);
      return bytes <= limit;
    },
    assertFits(token, stored) {
      const spare = changesIds && stored.meta.from === undefined ? changeOfId : 0;
      const { bytes, limit } = measure(token.length + spare, stored);
      if (bytes > limit) throw tooLarge(bytes, limit, stored, context);
    },
  };
}

function tooLarge(
  bytes: number,
  limit: number,
  stored: StoredSession,
  context: SessionContext,
): SessionError {
  const largest = sizesOf(stored, context).slice(0, namedFields);
  const named = largest.map(([name, size]) => `${name} (${size} bytes)`).join(", ");
  return new SessionError(
    "too-large",
    `The ${context.name} would measure ${bytes} bytes as a cookie, of which ${limit} are possible; its largest fields: ${named}. Keep less in it, or use a backend that stores it.`,
    { details: { bytes, limit, fields: largest.map(([name]) => name) } },
  );
}

/** What each field takes when it is encoded, the largest first. */
function sizesOf(
  stored: StoredSession,
  { format, fields: known }: SessionContext,
): readonly (readonly [name: string, bytes: number])[] {
  const sizeOf = (some: StoredSession["fields"]): number =>
    format.codec.encode({ meta: { writes: "" }, fields: some }).length;
  const empty = sizeOf({});
  return Object.entries(storedFields(stored))
    .map(([name, value]) => [known.nameOf(name), sizeOf({ [name]: value }) - empty] as const)
    .sort(([, one], [, other]) => other - one);
}
