import type { SessionContext } from "../session/context.js";
import { withCsrfSecret } from "../session/csrf-secrets.js";
import type { SessionState } from "../session/session-state.js";
import { SessionError } from "../session-error.js";
import type { WriteBase } from "./plan-write.js";
import type { StoredSession } from "./token-store.js";
import { remember } from "./write-history.js";

/** The error of a write to a session that was deleted elsewhere. Ends the state. */
export function gone(state: SessionState): SessionError {
  state.finish();
  return new SessionError(
    "gone",
    `The ${state.context.name} was deleted or has expired meanwhile; nothing was written.`,
  );
}

/** The error of a write that others kept overtaking. */
export function overtaken(context: SessionContext): SessionError {
  return new SessionError(
    "conflict",
    `Other requests kept writing to the ${context.name} at the same time. Try again.`,
  );
}

/** Tells that another request wrote first, and that the write is made again upon that one. */
export function noteRetry({ context, stored }: SessionState): void {
  context.analytics?.note({ type: "conflict", outcome: "retried", handle: stored?.id ?? null });
}

/** The stored session of a state that has one. */
export function requireStored(state: SessionState): StoredSession {
  const { stored } = state;
  if (stored === null || stored.expiresAt <= state.context.clock()) throw gone(state);
  return stored;
}

/** The session as its next write stores it. A forward that led to its key is left out once the client has that key. */
export function nextRevision(
  state: SessionState,
  writeId: string,
  { fields, refused }: WriteBase,
): StoredSession {
  const stored = requireStored(state);
  return {
    id: stored.id,
    revision: stored.revision + 1,
    createdAt: stored.createdAt,
    expiresAt: state.nextExpiry(state.context.clock()),
    meta: nextMeta(state, stored.meta, remember(stored, writeId)),
    fields,
    refused,
  };
}

function nextMeta(state: SessionState, meta: StoredSession["meta"], writes: string): StoredSession["meta"] {
  // That of most sessions, which are written often.
  if (state.chosenExpiry === undefined && state.csrf === null && Object.keys(meta).length === 1)
    return { writes };
  const { from, ...rest } = meta;
  const kept = from !== undefined && !state.isKeyConfirmed ? { ...rest, from } : rest;
  return withExpiry({ ...kept, writes }, state);
}

/** Meta with the expiry that the state has chosen, and the CSRF secret that it has made. */
export function withExpiry(meta: StoredSession["meta"], state: SessionState): StoredSession["meta"] {
  const { chosenExpiry } = state;
  const { expiry: _previous, ...rest } = withCsrfSecret(meta, state);
  return chosenExpiry === undefined ? rest : { ...rest, expiry: chosenExpiry };
}
