import type { SessionBackend } from "../backends/backend.js";
import { readAnyRecord, toRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import { createWriteId, toId } from "./session-key.js";
import type { StoredSession } from "./token-store.js";

/** What ending a session needs of its store. */
export interface EndingStore {
  readonly backend: SessionBackend;
  readonly context: SessionContext;
}

/**
 * Ends a session for good. It is marked as ended by compare-and-swap before it is removed, so that no rotation can
 * move it in between; one that has moved already is followed. `false` when there was nothing to end.
 */
export async function endRecord(store: EndingStore, stored: StoredSession): Promise<boolean> {
  return (await markEnded(store, stored)) || endById(store, stored.id);
}

/** Ends the session that a key opens. `false` when it opens none: also an old key, which only led to it. */
export async function endByKey(store: EndingStore, key: string): Promise<boolean> {
  const id = toId(store.context, key);
  const record = await store.backend.load(id);
  if (record === null || record.expiresAt <= store.context.clock()) return false;
  const found = readAnyRecord(record, store.context);
  if (found.is === "moved" && found.moved.key === undefined) return false;
  return endById(store, id);
}

/** The same by id, reading the record first. A mark that another ending has left is removed, and was no session. */
export async function endById(store: EndingStore, id: string): Promise<boolean> {
  for (;;) {
    const record = await store.backend.load(id);
    if (record === null) return false;
    const found = readAnyRecord(record, store.context);
    if (found.is === "session") {
      if (await markEnded(store, found.stored)) return true;
      continue;
    }
    const isEnded = found.is === "moved" && found.moved.to !== null && (await endById(store, found.moved.to));
    const isDeleted = await store.backend.delete(id);
    return found.is === "moved" ? isEnded : isDeleted;
  }
}

/** The mark is what ends a session: a rotation that finds it may remove it before we do. */
async function markEnded({ backend, context }: EndingStore, stored: StoredSession): Promise<boolean> {
  if (!(await backend.save(endedRecord(stored, context)))) return false;
  await backend.delete(stored.id);
  return true;
}

const markerLife = 60_000;

function endedRecord(stored: StoredSession, context: SessionContext): ReturnType<typeof toRecord> {
  const writeId = createWriteId();
  const ended: StoredSession = {
    ...stored,
    revision: stored.revision + 1,
    expiresAt: context.clock() + markerLife,
    meta: { writes: writeId, moved: { to: null } },
    fields: {},
    refused: {},
  };
  return toRecord(ended, context, writeId);
}
