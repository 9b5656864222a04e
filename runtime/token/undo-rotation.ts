import { readAnyRecord } from "../record/stored-record.js";
import { freshRevision, replace, toRestored, toRetired, toTakenBack, toUndoing } from "./moved-record.js";
import type { RecordPlace } from "./record-place.js";
import type { StoredSession } from "./token-store.js";
import { isNextWrite } from "./write-history.js";

/** What became of a change of key that was to be undone. */
export type Undone =
  | { readonly is: "undone"; readonly stored: StoredSession }
  /** The new key has been used to write, or to end the session: the old one opens nothing any more. */
  | { readonly is: "finished" }
  /** Somebody else wrote first: to be looked at again. */
  | { readonly is: "overtaken" };

/**
 * Undoes a change of key that was not finished, by operations on one record each, so that never more than one key works:
 * (1) the moved record is claimed, so that the change can be finished by nobody who is only slow; (2) the new record is
 * replaced by one that leads back, unless it was written to: then the change stands, and the old key is over; (3) the
 * moved record becomes the session again. A crash in between leaves it to the next request with the old key.
 */
export async function undoRotation(place: RecordPlace, moved: StoredSession): Promise<Undone> {
  const isClaimed = moved.meta.moved?.unfinished === "undoing";
  const claimed = isClaimed ? moved : toUndoing(moved);
  if (!isClaimed && !(await replace(place, claimed))) return { is: "overtaken" };
  const isTakenBack = await takeBack(place, claimed);
  const outcome = isTakenBack ? toRestored(claimed) : toRetired(claimed, place);
  if (!(await replace(place, outcome))) return { is: "overtaken" };
  return isTakenBack ? { is: "undone", stored: outcome } : { is: "finished" };
}

/** Whether the new key opens nothing from now on. */
async function takeBack(place: RecordPlace, claimed: StoredSession): Promise<boolean> {
  for (let revision = freshRevision; ; ) {
    const back = toTakenBack(claimed, revision, place);
    if (await replace(place, back)) return true;
    const record = await place.backend.load(back.id);
    if (record === null) return true;
    const found = readAnyRecord(record, place.context);
    if (found.is !== "session") return found.is === "unreadable" || found.moved.to === claimed.id;
    // A reindex changes the revision, and nothing else.
    if (record.revision === revision || !isNextWrite(found.stored, claimed)) return false;
    revision = record.revision;
  }
}
