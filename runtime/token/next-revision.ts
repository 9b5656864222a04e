import { SessionError } from "../platform/errors.js";
import { isBareMeta } from "../record/contents.js";
import type { SessionContext } from "../session/context.js";
import { withCsrfSecret } from "../session/csrf-secrets.js";
import type { SessionState } from "../session/session-state.js";
import type { WriteBase } from "./plan-write.js";
import { mayComeBack } from "./settle-source.js";
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

/** The stored session of a state that has one. Times are epoch milliseconds. */
export function requireStored(state: SessionState, now: number = state.context.clock()): StoredSession {
  const { stored } = state;
  if (stored === null || stored.expiresAt <= now) throw gone(state);
  return stored;
}

/** What the next write of a session is made of. */
export interface NextWrite {
  readonly plan: WriteBase;
  readonly writeId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The session as its next write stores it. A forward that led to its key is left out once the client has that key. */
export function nextRevision(state: SessionState, { plan, writeId, now }: NextWrite): StoredSession {
  const stored = requireStored(state, now);
  return {
    id: stored.id,
    revision: stored.revision + 1,
    createdAt: stored.createdAt,
    expiresAt: state.nextExpiry(now),
    meta: nextMeta(state, stored, remember(stored, writeId)),
    fields: plan.fields,
    refused: plan.refused,
  };
}

function nextMeta(state: SessionState, stored: StoredSession, writes: string): StoredSession["meta"] {
  const { meta } = stored;
  // That of most sessions, which are written often.
  if (changesNoMeta(state, meta)) {
    if (writes === meta.writes) return meta;
    return isBareMeta(meta) ? { writes } : { ...meta, writes };
  }
  const { from, ...rest } = meta;
  const isOver = state.isForwardSpent() || !mayComeBack(stored, state.context.clock());
  const kept = from === undefined || isOver ? rest : { ...rest, from };
  return withExpiry({ ...kept, writes }, state);
}

/** Whether a write leaves all of it as it is, but for the ids of writes. */
function changesNoMeta(state: SessionState, { from, expiry }: StoredSession["meta"]): boolean {
  const { chosenExpiry, csrf, renewsCsrf } = state;
  return (chosenExpiry ?? expiry ?? from) === undefined && csrf === null && !renewsCsrf;
}

/** Meta with the expiry that the state has chosen, and the CSRF secret that it has made. */
export function withExpiry(meta: StoredSession["meta"], state: SessionState): StoredSession["meta"] {
  const { chosenExpiry } = state;
  const { expiry: _previous, ...rest } = withCsrfSecret(meta, state);
  return chosenExpiry === undefined ? rest : { ...rest, expiry: chosenExpiry };
}
