import type { SessionSearch } from "@session-gen/runtime";
import type { Session } from "../generated/index.js";

/** The sessions by user, as the schema's index allows: what "your devices" shows and ends. */
export type UserSessions = SessionSearch<Session, { readonly userId: string }>;

/**
 * The sessions by user, or `null` where nobody can look them up: in a cache, which only knows keys, and with `cookie()`
 * and `jwt()`, where each client has its own. An app that stays with one backend calls `sessions.find` and is done.
 */
export function toUserSessions(sessions: object): UserSessions | null {
  return isSearchable(sessions) ? sessions : null;
}

function isSearchable(sessions: object): sessions is UserSessions {
  return "find" in sessions && "revoke" in sessions;
}
