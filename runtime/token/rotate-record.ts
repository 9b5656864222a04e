import { sealText } from "../platform/built-ins.js";
import type { Meta } from "../record/contents.js";
import { toRecord } from "../record/stored-record.js";
import { expiresAt } from "../session/expiry.js";
import type { SessionState } from "../session/session-state.js";
import type { ReferenceStore } from "./by-reference.js";
import { finishRotation } from "./finish-rotation.js";
import { unfinishedLife } from "./follow-moved.js";
import { atOnce, freshRevision } from "./moved-record.js";
import { noteRetry, overtaken, requireStored, withExpiry } from "./next-revision.js";
import { createPatience } from "./patience.js";
import { planWrite, type WritePlan } from "./plan-write.js";
import { createKey, createWriteId, toId } from "./session-key.js";
import { untilOf } from "./settle-source.js";
import type { StoredSession, WriteOptions } from "./token-store.js";
import { remember } from "./write-history.js";

/** After so many milliseconds a change of key that is not finished tells of a crash, and may be undone. */
const crashTime = 10_000;

/** How a key is changed. */
export type RotationOptions = WriteOptions & {
  /** The old key leads to the new one for a while. */
  readonly grace: boolean;
};

interface Rotation {
  readonly plan: WritePlan;
  readonly key: string;
  readonly writeId: string;
  /** The session under its new key. */
  readonly fresh: StoredSession;
  /** What stands under the old key from then on: the session as it was, until the change is finished. */
  readonly moved: StoredSession;
}

/**
 * Gives a session another key by operations on one record each: (1) the new record is created with a minute to
 * live; (2) the old one becomes a moved record, which still holds the session as it was: refused, the new one is removed
 * and all starts again; (3) the new one gets its full life; (4) the moved record loses what it holds, and without grace
 * the new key too: from then on it only leads a request that ends the session to where it is now.
 *
 * A crash before (2) leaves a key that nobody was sent. After one between (2) and (4) the old key follows to the new one
 * where there is grace, and otherwise has the change undone: it never opens what a login has written.
 */
export async function rotateRecord(
  store: ReferenceStore,
  state: SessionState,
  options: RotationOptions,
): Promise<void> {
  const patience = createPatience(store.context.patience);
  for (;;) {
    const rotation = planRotation(state, options);
    const { moved, key, fresh, plan } = rotation;
    const bytes = await commit(store, state, rotation);
    if (bytes !== null) {
      const take = (): void => {
        state.takeKey(key);
        state.settle(plan.changes, fresh, bytes);
      };
      return finishRotation(store, state, { fresh, moved, take });
    }
    await store.reload(state);
    if (options.grace && !state.isRotationDue(store.context.clock())) {
      return options.withChanges ? store.save(state, options) : undefined;
    }
    noteRetry(state);
    if (!(await patience.wait())) throw overtaken(store.context);
  }
}

function planRotation(state: SessionState, { grace, withChanges }: RotationOptions): Rotation {
  const stored = requireStored(state);
  const now = state.context.clock();
  const plan = planWrite(state, stored, withChanges);
  const key = createKey();
  const writeId = createWriteId();
  const id = toId(state.context, key);
  const moved: StoredSession = {
    ...stored,
    revision: stored.revision + 1,
    expiresAt: expiresAt(state.context.expiry, stored.meta.expiry, stored.createdAt, now),
    meta: {
      ...stored.meta,
      moved: {
        to: id,
        key: sealText(key, state.key ?? ""),
        usableFrom: grace ? atOnce : now + crashTime,
        unfinished: grace ? "follow" : "undo",
      },
    },
  };
  const from = { id: stored.id, revision: moved.revision + 1, until: untilOf(moved.expiresAt) };
  const meta: Meta = {
    ...stored.meta,
    writes: remember(stored, writeId),
    rotatedAt: now,
    from: grace ? from : { ...from, leads: false },
  };
  const fresh: StoredSession = {
    ...stored,
    id,
    revision: freshRevision,
    expiresAt: state.nextExpiry(now),
    meta: withExpiry(meta, state),
    fields: plan.fields,
    refused: plan.refused,
  };
  return { plan, key, writeId, fresh, moved };
}

/** Steps 1 and 2: the bytes of the new record; `null`, leaving nothing, when another request wrote first. */
async function commit(
  store: ReferenceStore,
  state: SessionState,
  { fresh, moved, writeId, plan }: Rotation,
): Promise<number | null> {
  const { backend, context } = store;
  const firstLife = (fresh.meta.rotatedAt ?? 0) + unfinishedLife;
  const record = toRecord({ ...fresh, expiresAt: Math.min(fresh.expiresAt, firstLife) }, context, writeId);
  await store.add(record, moved.id);
  const attempt = { writeId, changes: plan.changes };
  if (await store.attempt(state, attempt, toRecord(moved, context, writeId))) return record.data.length;
  await backend.delete(fresh.id);
  return null;
}
