import type { Moved } from "../record/contents.js";
import { readAnyRecord, toRecord } from "../record/stored-record.js";
import { overtaken } from "./next-revision.js";
import { createPatience } from "./patience.js";
import type { RecordPlace } from "./record-place.js";
import { createWriteId } from "./session-key.js";
import type { StoredSession } from "./token-store.js";

/**
 * What became of a session of another library: a record under the hash of its id. Who adopts it makes, or replaces, this
 * record first, so that one of several does; and as long as it says `"ended"`, nobody will again.
 */
export interface Claim {
  readonly stored: StoredSession;
  readonly moved: Moved;
  readonly isExpired: boolean;
  /** What cannot be read, as when its encryption key is no longer there, lets nobody adopt: it may have said that it was ended. */
  readonly isReadable: boolean;
}

/** The claim under an id; `null` when nobody has adopted it. */
export async function loadClaim({ backend, context }: RecordPlace, id: string): Promise<Claim | null> {
  const record = await backend.load(id);
  const found = record && readAnyRecord(record, context);
  if (record === null || found === null) return null;
  const isExpired = record.expiresAt <= context.clock();
  if (found.is === "moved") return { stored: found.stored, moved: found.moved, isExpired, isReadable: true };
  const { revision, createdAt, expiresAt } = record;
  const stored: StoredSession = {
    id,
    revision,
    createdAt,
    expiresAt,
    meta: { writes: "" },
    fields: {},
    refused: {},
  };
  return { stored, moved: { to: null, adoption: "ended" }, isExpired, isReadable: false };
}

/** What a claim is to say, and until when, in epoch milliseconds. */
export interface ClaimChange {
  readonly moved: Moved;
  readonly expiresAt: number;
}

/** Makes the claim, or replaces this one. The claim that is there now; `null` when somebody else wrote first. */
export async function writeClaim(
  { backend, context }: RecordPlace,
  { id, before }: { readonly id: string; readonly before: Claim | null },
  { moved, expiresAt }: ClaimChange,
): Promise<Claim | null> {
  const writeId = createWriteId();
  const stored: StoredSession = {
    id,
    revision: (before?.stored.revision ?? 0) + 1,
    createdAt: before?.stored.createdAt ?? context.clock(),
    expiresAt,
    meta: { writes: writeId, moved },
    fields: {},
    refused: {},
  };
  const record = toRecord(stored, context, writeId);
  const isWritten = await (before === null ? backend.create(record) : backend.save(record));
  return isWritten ? { stored, moved, isExpired: false, isReadable: true } : null;
}

/** Lets nobody adopt it again, for as long as a session of ours could have lived from now on. */
export async function endClaim(place: RecordPlace, id: string): Promise<void> {
  const { clock, expiry } = place.context;
  const patience = createPatience(place.context.patience);
  for (;;) {
    const before = await loadClaim(place, id);
    const isEnded = before?.moved.adoption === "ended" && !before.isExpired;
    if (isEnded && before.isReadable) return;
    const change = { moved: { to: null, adoption: "ended" }, expiresAt: clock() + expiry.absolute } as const;
    if ((await writeClaim(place, { id, before }, change)) !== null) return;
    if (await patience.wait()) continue;
    if (isEnded) return;
    throw overtaken(place.context);
  }
}
