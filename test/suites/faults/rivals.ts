import type { Session } from "../../runtime/fixture/generated/index.js";
import type { Opened } from "../../runtime/fixture/open.js";
import type { PlaceAbilities } from "./place.js";

export type FaultSessions = Opened<PlaceAbilities>["sessions"];

/** What the sessions of every backend can do, and what only those can whose backend finds. */
export interface Raced {
  readonly sessions: Pick<FaultSessions, "create" | "load" | "delete" | "fromCookie" | "commit">;
  readonly search: Pick<FaultSessions, "revoke" | "count"> | null;
}

/** What other requests do to a session that they have loaded. */
export const rivals: readonly ((session: Session, sessions: Raced["sessions"]) => Promise<unknown>)[] = [
  async (session) => {
    session.visits += 1;
    await session.save();
  },
  (session) => session.touch(),
  (session) => session.cycleKey(),
  async (session, sessions) => {
    session.userId = (session.userId ?? 0) + 1_000_000;
    await sessions.commit(session);
  },
];

/** `false` when there was nothing to end: to `delete`, a key that was replaced before opens nothing. */
export const endings: readonly ((session: Session, raced: Raced) => Promise<boolean>)[] = [
  async (session) => {
    await session.destroy();
    return true;
  },
  (session, { sessions }) => sessions.delete(session.key ?? ""),
  async (session, { sessions, search }) =>
    search === null
      ? sessions.delete(session.key ?? "")
      : (await search.revoke({ handle: session.handle ?? "" })) > 0,
];
