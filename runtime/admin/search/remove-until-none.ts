import { type ReadRecord, readAnyRecord } from "../../record/stored-record.js";
import { endById } from "../../token/end-record.js";
import type { RecordPlace } from "../../token/record-place.js";
import { handleIn } from "../../token/session-key.js";
import { mayComeBack, settleMoved } from "../../token/settle-source.js";
import type { SessionRecord } from "../../types/backend.js";

/** What is removed, and how. */
export interface Removal extends RecordPlace {
  /** Walks over all records that are to go. */
  readonly records: () => AsyncIterable<SessionRecord>;
  /** The session that stays. */
  readonly except?: { readonly handle: string | null } | undefined;
  /** Each record is followed to where its session is, since no later walk would find that. */
  readonly isFollowed?: boolean;
  /** How many walks in a row have to find nothing; one when left out. */
  readonly emptyWalks?: number;
}

const fruitlessPasses = 3;

/**
 * Ends sessions until there are none; answers how many. One that is being rotated is under two ids for a moment, so only
 * a walk that finds none has found all; one that only finds what others have removed already is repeated a few times.
 */
export async function removeUntilNone(removal: Removal): Promise<number> {
  const { emptyWalks = 1 } = removal;
  let total = 0;
  let fruitless = 0;
  for (let empty = 0; empty < emptyWalks && fruitless < fruitlessPasses; ) {
    const { seen, removed, ended } = await removeOnce(removal);
    total += ended;
    empty = seen === 0 ? empty + 1 : 0;
    fruitless = seen > 0 && removed === 0 ? fruitless + 1 : 0;
  }
  return total;
}

async function removeOnce(
  removal: Removal,
): Promise<{ readonly seen: number; readonly removed: number; readonly ended: number }> {
  const { context } = removal;
  let seen = 0;
  let removed = 0;
  let ended = 0;
  for await (const record of removal.records()) {
    const found = readAnyRecord(record, context);
    if (await isSpared(record, found, removal)) continue;
    seen += 1;
    if (!(await end(record, found, removal))) continue;
    removed += 1;
    if (record.expiresAt <= context.clock() || !isSession(found)) continue;
    ended += 1;
    context.analytics?.note({ type: "deleted", reason: "revoked", count: 1, handle: record.id });
  }
  return { seen, removed, ended };
}

/**
 * Whether a record is of the session that stays, or says that one of another library is not to come back. What the one that
 * stays was under its former key must not come back all the same.
 */
async function isSpared(record: SessionRecord, found: ReadRecord, removal: Removal): Promise<boolean> {
  if (found.is === "moved" && found.moved.adoption === "ended") return true;
  const handle = removal.except?.handle ?? null;
  if (handle === null) return false;
  if (handleIn(record.id) === handle) return true;
  if (found.is === "session") return handleIn(found.stored.meta.from?.id ?? "") === handle;
  if (found.is !== "moved" || found.moved.unfinished === undefined) return false;
  if (handleIn(found.moved.to ?? "") !== handle) return false;
  await settleMoved(removal, found.stored);
  return true;
}

/** `false` when it was gone. A record that is one of two that a session may be under is ended with the other. */
function end({ id, expiresAt }: SessionRecord, found: ReadRecord, removal: Removal): Promise<boolean> {
  const { backend, context, isFollowed = false } = removal;
  const now = context.clock();
  const isOneOfTwo =
    found.is === "session"
      ? mayComeBack(found.stored, now) || found.stored.meta.adopted !== undefined
      : found.is === "moved" && (found.moved.unfinished ?? found.moved.adoption) !== undefined;
  return isFollowed || (isOneOfTwo && expiresAt > now)
    ? endById({ backend, context }, id)
    : backend.delete(id);
}

/** Whether a record was a session, or one that could have come back, or led to the one that was ended by it. */
function isSession(found: ReadRecord): boolean {
  return (
    found.is === "session" ||
    (found.is === "moved" && (found.moved.unfinished ?? found.moved.adoption) !== undefined)
  );
}
