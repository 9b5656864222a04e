import { SessionError } from "../platform/errors.js";
import { warnOnce } from "../platform/warner.js";
import type { SessionState } from "./session-state.js";

/** The error of a session that needs a cookie when the response has begun. */
export function tooLate(name: string): SessionError {
  return new SessionError(
    "config",
    `The ${name} needs a cookie, but the response has begun. Change it, or call ensureKey(), before the first byte is sent.`,
  );
}

/** Throws that error before anything is done: a new key that cannot be sent would log its user out. */
export function requireHead({ isHeadGone, context }: SessionState): void {
  if (isHeadGone) throw tooLate(context.name);
}

/** Notes whether the response begins. Warns, once, of a session that was first used when its response had begun: it was read, and no cache was told. */
export function noteHead(state: SessionState, headersSent: boolean | undefined): void {
  if (headersSent === false) state.isHeadGone = true;
  if (!headersSent) state.isAccessTold = state.isAccessed;
  else if (state.isAccessed && !state.isAccessTold) {
    warnOnce(
      state.context,
      `A ${state.context.name} was first used when its response had begun, so that no header keeps shared caches from storing that. Read it before the first byte is sent, or send Cache-Control: private.`,
    );
  }
}
