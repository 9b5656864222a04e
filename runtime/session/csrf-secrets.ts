import { equalBytes, fromBase64url, randomText } from "../platform/built-ins.js";
import type { Meta } from "../record/contents.js";
import type { SessionState } from "./session-state.js";

/** 128 random bits in base64url. */
const secretBytes = 16;
const secretLength = 22;

/** Requests that made the first token at the same moment keep theirs, up to so many. */
const mostSecrets = 8;

/**
 * The secret that tokens of a session are made of. The first one is made here, and stored with the session's next write;
 * also when the stored ones go with that write, since the session is about to take another key.
 */
export function csrfSecret(state: SessionState): string {
  if (state.csrf !== null) return state.csrf;
  const stored = state.stored?.meta.csrf;
  if (stored !== undefined && !willRenew(state)) return stored.slice(0, secretLength);
  state.csrf = randomText(secretBytes);
  return state.csrf;
}

/** Whether these bytes are a stored secret of the session; in a time that does not tell how close they are. */
export function isCsrfSecret(state: SessionState, bytes: Uint8Array): boolean {
  const stored = state.stored?.meta.csrf ?? "";
  let isOne = false;
  for (let at = 0; at < stored.length; at += secretLength) {
    const secret = fromBase64url(stored.slice(at, at + secretLength));
    isOne = (secret !== null && equalBytes(secret, bytes)) || isOne;
  }
  return isOne;
}

/** Meta with the secret that was made here; without the stored ones when the session takes a key that no old one may lead to. */
export function withCsrfSecret(meta: Meta, { csrf, renewsCsrf }: SessionState): Meta {
  if (csrf === null && !renewsCsrf) return meta;
  const { csrf: stored = "", ...rest } = meta;
  const kept = renewsCsrf ? "" : stored;
  const secrets = csrf === null || kept.includes(csrf) ? kept : kept + csrf;
  return secrets === "" ? rest : { ...rest, csrf: secrets.slice(0, mostSecrets * secretLength) };
}

function willRenew(state: SessionState): boolean {
  return state.renewsCsrf || state.isRotatedByChange();
}
