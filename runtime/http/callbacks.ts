import { SessionError } from "../platform/errors.js";
import { hasCallbacks, type SessionCallbacks } from "./callbacks/session-callbacks.js";

export type { SessionCallbacks } from "./callbacks/session-callbacks.js";

/**
 * The same session, typed as the adapter option `callbacks` makes it. Throws `SessionError` `"config"` when that option is
 * not on.
 */
export function withCallbacks<S extends object>(session: S): S & SessionCallbacks {
  if (hasCallbacks(session)) return session;
  throw new SessionError(
    "config",
    "This session takes no callbacks: give the adapter the option callbacks: true, or use the promises.",
  );
}
