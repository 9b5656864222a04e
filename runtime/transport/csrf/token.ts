import { fromBase64url, randomData, toBase64url } from "../../platform/built-ins.js";
import { csrfSecret, isCsrfSecret } from "../../session/csrf-secrets.js";
import { requireOpen, stateOf } from "../../session/dictionary.js";

/** The header in which a token comes. */
export const CSRF_HEADER = "x-csrf-token";

/** The form field in which a token comes. */
export const CSRF_FIELD = "_csrf";

/**
 * A token for a form or a script of this session's pages, another one at each call: the session's secret under a one-time
 * pad, so that compressed pages do not give it away. The first one of a session counts as data: it is stored, with a cookie.
 * New at login and whenever a changed field takes a new key; a periodic change of key keeps those that were given out.
 * Throws `SessionError` `"gone"` for a session that has ended.
 */
export function csrfToken(session: object): string {
  const state = requireOpen(stateOf(session));
  state.isAccessed = true;
  const secret = fromBase64url(csrfSecret(state)) ?? new Uint8Array(0);
  const pad = randomData(secret.length);
  const token = new Uint8Array(pad.length + secret.length);
  token.set(pad);
  token.set(xor(secret, pad), pad.length);
  return toBase64url(token);
}

/** Whether one of these texts is a token of this session. Anything may be given. */
export function hasCsrfToken(session: object, ...texts: readonly unknown[]): boolean {
  const state = stateOf(session);
  state.isAccessed = true;
  return texts.some((text) => {
    // As long as all of ours are; whatever is longer is not even decoded.
    const bytes = typeof text === "string" && text.length === 43 ? fromBase64url(text) : null;
    if (bytes === null) return false;
    const half = bytes.length / 2;
    return isCsrfSecret(state, xor(bytes.subarray(half), bytes.subarray(0, half)));
  });
}

/** The token's field in the body of a form that was parsed. */
export function csrfFieldOf(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, CSRF_FIELD)) return undefined;
  return Reflect.get(body, CSRF_FIELD);
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, index) => byte ^ (other[index] ?? 0));
}
