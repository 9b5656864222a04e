import { toRecord } from "../record/stored-record.js";
import type { RecordPlace } from "./record-place.js";
import { createWriteId } from "./session-key.js";
import type { StoredSession } from "./token-store.js";

/** How long a record is kept that only tells where a session has gone, for a request that may still end it. */
const retiredLife = 5 * 60_000;

/** When an old key begins to lead to the new one where there is grace: also on a server whose clock is behind. */
export const atOnce = 0;

/** What is left of a moved record when its old key opens nothing any more: where the session has gone. */
export function toRetired(moved: StoredSession, { context }: RecordPlace): StoredSession {
  return pointer(moved, { to: moved.meta.moved?.to ?? null, expiresAt: context.clock() + retiredLife });
}

/** What stays of a moved record whose old key leads to the new one for a while. */
export function toForward(moved: StoredSession, expiresAt: number): StoredSession {
  const { to = null, key, usableFrom } = moved.meta.moved ?? {};
  const lead = key === undefined || usableFrom === undefined ? { to } : { to, key, usableFrom };
  return { ...emptied(moved), expiresAt, meta: { writes: "", moved: lead } };
}

/** What replaces that revision of the record of a new key which is taken back: the session is again where it was. */
export function toTakenBack(moved: StoredSession, revision: number, { context }: RecordPlace): StoredSession {
  const { createdAt, meta, id: to } = moved;
  const fresh = { id: meta.moved?.to ?? "", revision, createdAt };
  const emptyMeta = { writes: "" };
  return pointer(
    { ...fresh, meta: emptyMeta, expiresAt: 0, fields: {}, refused: {} },
    { to, expiresAt: context.clock() + retiredLife },
  );
}

/** The revision of the record under a new key when it is created. */
export const freshRevision = 1;

/** The session that a moved record was, and still holds. */
export function toRestored(moved: StoredSession): StoredSession {
  const { moved: _over, ...meta } = moved.meta;
  return { ...moved, revision: moved.revision + 1, meta };
}

/** The same record once it is to be taken back: who would have finished the change finds another revision. */
export function toUndoing(moved: StoredSession): StoredSession {
  const { meta, revision } = moved;
  const { to = null, ...rest } = meta.moved ?? {};
  return {
    ...moved,
    revision: revision + 1,
    meta: { ...meta, moved: { ...rest, to, unfinished: "undoing" } },
  };
}

/** Replaces the record that is one revision older. `false` when it is not there any more. */
export function replace({ backend, context }: RecordPlace, stored: StoredSession): Promise<boolean> {
  return backend.save(toRecord(stored, context, createWriteId()));
}

function pointer(
  record: StoredSession,
  { to, expiresAt }: { readonly to: string | null; readonly expiresAt: number },
): StoredSession {
  return { ...emptied(record), expiresAt, meta: { writes: "", moved: { to } } };
}

function emptied(record: StoredSession): StoredSession {
  return { ...record, revision: record.revision + 1, fields: {}, refused: {} };
}
