import type { SessionRecord } from "../../types/backend.js";

/** What a deleted session leaves: no data, no index. Of no kind, so nothing takes it for a session. */
export function createTombstone(
  id: string,
  over: Pick<SessionRecord, "tenant" | "revision"> | null,
  time: { readonly now: number; readonly expiresAt: number },
): SessionRecord {
  return {
    id,
    tenant: over?.tenant ?? null,
    header: tombstoneHeader,
    data: new Uint8Array(),
    revision: (over?.revision ?? 0) + 1,
    writeId: crypto.randomUUID(),
    createdAt: time.now,
    expiresAt: time.expiresAt,
    indexed: {},
  };
}

/** Whether a record says that its session was deleted. */
export function isTombstone(record: SessionRecord): boolean {
  return record.header === tombstoneHeader;
}

/** The record as others may see it. */
export function visible(record: SessionRecord | null | undefined): SessionRecord | null {
  return record == null || isTombstone(record) ? null : record;
}

/** Whether two records are one write; their expiry may differ, which moves without a write. */
export function isSameWrite(one: SessionRecord, other: SessionRecord): boolean {
  return one.revision === other.revision && one.writeId === other.writeId;
}

/** The one that counts: a tombstone before all, then the higher revision, then the higher write id if that may decide, else the first. */
export function newest(
  candidates: readonly (SessionRecord | null | undefined)[],
  byWriteId: boolean,
): SessionRecord | null {
  let best: SessionRecord | null = null;
  for (const record of candidates) {
    if (record != null && (best === null || beats(record, best, byWriteId))) best = record;
  }
  return best;
}

function beats(record: SessionRecord, best: SessionRecord, byWriteId: boolean): boolean {
  if (isTombstone(best) || isTombstone(record)) return !isTombstone(best);
  if (record.revision !== best.revision) return record.revision > best.revision;
  return byWriteId && record.writeId > best.writeId;
}

const tombstoneHeader = "tombstone";
