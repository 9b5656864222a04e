import type { FieldChange } from "../session/merge.js";
import type { SessionState } from "../session/session-state.js";
import type { StoredSession } from "./token-store.js";

const rememberedWrites = 8;

/** As `createWriteId` makes them. */
const idLength = 8;

/** The ids of the last writes with one more. */
export function remember(stored: StoredSession, writeId: string): string {
  return stored.meta.writes.slice((1 - rememberedWrites) * idLength) + writeId;
}

/** The id of the last write. */
export function newestWrite(stored: StoredSession): string {
  return stored.meta.writes.slice(-idLength);
}

/** Whether a session was written exactly once since it was another. */
export function isNextWrite(stored: StoredSession, before: StoredSession): boolean {
  return stored.meta.writes === remember(before, newestWrite(stored));
}

/**
 * Finds out what became of the writes whose answers were lost, from the last eight of what is stored now. Those
 * that are there are settled; those whose place another write took are forgotten. When it cannot be told any more,
 * the state becomes untraceable, unless writing the changes again gives the same.
 */
export function settleAttempts(state: SessionState, stored: StoredSession): void {
  const { writes } = stored.meta;
  const { attempts } = state;
  const isApplied = attempts.filter((attempt) => writes.includes(attempt.writeId));
  for (const attempt of isApplied) {
    state.settle(attempt.changes, stored);
    state.isCookieDue = true;
  }
  const open = attempts.filter((attempt) => !writes.includes(attempt.writeId));
  state.attempts = open.filter((attempt) => writes.endsWith(attempt.after));
  const isLost = open.some(
    (attempt) =>
      !writes.includes(attempt.after) && attempt.changes.some((change) => accumulates(state, change)),
  );
  if (isLost) state.isUntraceable = true;
}

function accumulates(state: SessionState, { field }: FieldChange): boolean {
  const strategy = state.context.fields.strategyOf(field);
  return strategy === "sum" || strategy === "append";
}
