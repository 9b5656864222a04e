import { authenticate, equalBytes } from "../../platform/built-ins.js";
import { readCookies } from "../../transport/cookie.js";

/** An id that a cookie of express-session, or of @fastify/session, holds, and the secret that it was signed with. */
export interface SignedId {
  readonly sid: string;
  readonly secret: string;
}

/** The different ids that the cookies of this name hold, as far as they are signed with one of the secrets. Never throws. */
export function readSignedIds(
  header: string | undefined,
  name: string,
  secrets: readonly string[],
): readonly SignedId[] {
  const found = new Map<string, SignedId>();
  for (const value of readCookies(header, name)) {
    const signed = unsigned(value, secrets);
    if (signed !== null && !found.has(signed.sid)) found.set(signed.sid, signed);
  }
  return [...found.values()];
}

/**
 * `s:`, the id, a dot, and the HMAC-SHA256 of the id in base64 without padding: percent-encoded. @fastify/session signs the
 * same way, and has no `s:` unless it is told to.
 */
function unsigned(value: string, secrets: readonly string[]): SignedId | null {
  const text = decoded(value).replace(/^s:/, "");
  const dot = text.lastIndexOf(".");
  if (dot < 1) return null;
  const sid = text.slice(0, dot);
  const given = Buffer.from(text.slice(dot + 1));
  for (const secret of secrets) {
    const expected = Buffer.from(authenticate(Buffer.from(secret), Buffer.from(sid))).toString("base64");
    if (equalBytes(Buffer.from(expected.replace(/=+$/, "")), given)) return { sid, secret };
  }
  return null;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
