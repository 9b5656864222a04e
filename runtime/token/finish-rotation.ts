import { readAnyRecord } from "../record/stored-record.js";
import type { SessionState } from "../session/session-state.js";
import { replace, toForward, toRetired } from "./moved-record.js";
import { gone } from "./next-revision.js";
import type { RecordPlace } from "./record-place.js";
import { settleSource } from "./settle-source.js";
import type { StoredSession } from "./token-store.js";

/** A change of key of which the last step is left. */
export interface UnfinishedRotation {
  /** The session under its new key. */
  readonly fresh: StoredSession;
  /** The record under the old one. */
  readonly moved: StoredSession;
}

/** The same before the session has its new key: `take` gives it that. */
export interface CommittedRotation extends UnfinishedRotation {
  readonly take: () => void;
}

/**
 * The last two steps of a change of key: the new record gets its full life, and the moved one loses what it holds. Should
 * the first of them fail, the client keeps the old key, with which the change is undone; should the second, the new one,
 * which lives as long as it should whatever became of that step.
 */
export async function finishRotation(
  place: RecordPlace,
  state: SessionState,
  { fresh, moved, take }: CommittedRotation,
): Promise<void> {
  if (!(await giveFullLife(place, fresh))) throw gone(state);
  await settleSource(place, moved);
  take();
  state.unfinished = { fresh, moved };
  await concludeRotation(place, state);
}

/** The last step alone, where there is one to take. */
export async function concludeRotation(place: RecordPlace, state: SessionState): Promise<void> {
  const { unfinished } = state;
  if (unfinished === null) return;
  const isFinished = await finish(place, unfinished).catch((error: unknown) => {
    // Should the app go on in spite of it, the end of its request takes the step.
    state.isMarkedModified = true;
    throw error;
  });
  state.unfinished = null;
  if (!isFinished) throw gone(state);
  if (state.stored?.meta.from?.leads === false) {
    const { from: _over, ...meta } = state.stored.meta;
    state.accept({ ...state.stored, meta });
  }
}

/** The old key may have led another request to the new record that has written already, and has given it its life. */
async function giveFullLife({ backend, context }: RecordPlace, fresh: StoredSession): Promise<boolean> {
  for (let { revision } = fresh; ; ) {
    if (await backend.touch(fresh.id, revision, fresh.expiresAt)) return true;
    const record = await backend.load(fresh.id);
    const found = record && readAnyRecord(record, context);
    if (found?.is !== "session") return false;
    // A reindex changes the revision, and nothing else.
    if (found.stored.revision === revision || found.stored.meta.writes !== fresh.meta.writes) return true;
    revision = found.stored.revision;
  }
}

/** `false` when the session has ended, or the change was undone. */
async function finish(place: RecordPlace, { fresh, moved }: UnfinishedRotation): Promise<boolean> {
  const unfinished = moved.meta.moved?.unfinished;
  for (let last = moved; ; ) {
    const finished = unfinished === "follow" ? toForward(last, fresh.expiresAt) : toRetired(last, place);
    if (await replace(place, finished)) return true;
    const record = await place.backend.load(moved.id);
    if (record === null) {
      // Whoever removed it has ended the session, and may not have seen the new record.
      await place.backend.delete(fresh.id);
      return false;
    }
    const found = readAnyRecord(record, place.context);
    if (found.is !== "moved" || found.moved.to !== fresh.id) return false;
    // A reindex has written it anew, as it was.
    if (found.moved.unfinished !== unfinished) return found.moved.unfinished === undefined;
    last = found.stored;
  }
}
