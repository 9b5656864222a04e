import type { SessionRecord } from "../backends/backend.js";
import { sealText } from "../platform.js";
import type { Meta, Moved } from "../record/contents.js";
import { toRecord } from "../record/stored-record.js";
import type { SessionState } from "../session/session-state.js";
import type { ReferenceStore } from "./by-reference.js";
import { gone, noteRetry, overtaken, requireStored, withExpiry } from "./next-revision.js";
import { createPatience } from "./patience.js";
import { planWrite, type WritePlan } from "./plan-write.js";
import { createKey, createWriteId, toId } from "./session-key.js";
import type { StoredSession, WriteOptions } from "./token-store.js";
import { remember } from "./write-history.js";

/** How long a record lives that a crash may leave behind, in milliseconds. */
const unfinishedLife = 60_000;

/** After so many milliseconds a moved record that should be gone tells of a crash, and the old key may follow it. */
const crashTime = 10_000;

/** How long a record is kept that only tells where a session has gone, for a request that may still end it. */
const retiredLife = 5 * 60_000;

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
  /** What stands under the old key from then on. */
  readonly moved: StoredSession;
}

/**
 * Gives a session another key by operations on one record each: (1) the new record is created with a minute to
 * live; (2) the old one is replaced by a moved record, which is the commit: refused, the new one is removed and
 * all starts again; (3) the new one gets its full life; (4) without grace the moved record loses the key it holds:
 * from then on it only leads a request that ends the session to where it is now. A crash before (2) leaves a key
 * that nobody was sent; one after it, an old key that leads to the new one.
 */
export async function rotateRecord(
  store: ReferenceStore,
  state: SessionState,
  options: RotationOptions,
): Promise<void> {
  const patience = createPatience(store.context.patience);
  for (;;) {
    const rotation = planRotation(state, options);
    const bytes = await commit(store, state, rotation);
    if (bytes !== null) {
      // Whatever fails from here on, the client needs the new key.
      state.takeKey(rotation.key);
      state.settle(rotation.plan.changes, rotation.fresh, bytes);
      return finish(store, state, rotation, options);
    }
    await store.reload(state);
    if (options.grace && !state.isRotationDue(store.context.clock())) {
      return options.withChanges ? store.save(state, options) : undefined;
    }
    noteRetry(state);
    if (!(await patience.wait())) throw overtaken(store.context);
  }
}

/** Takes the last steps of a rotation that was committed by this record, though the answer to that was lost. */
export async function resumeRotation(
  store: ReferenceStore,
  state: SessionState,
  { id, revision, createdAt, expiresAt }: SessionRecord,
  moved: Moved,
): Promise<void> {
  const stored = requireStored(state);
  const fresh = { ...stored, expiresAt: state.nextExpiry(store.context.clock()) };
  const meta = { writes: "", moved };
  const rotation = {
    key: state.key ?? "",
    fresh,
    moved: { id, revision, createdAt, expiresAt, meta, fields: {}, refused: {} },
  };
  await finish(store, state, rotation, { grace: stored.meta.from !== undefined });
  state.accept(fresh);
}

function planRotation(state: SessionState, { grace, withChanges }: RotationOptions): Rotation {
  const stored = requireStored(state);
  const now = state.context.clock();
  const plan = planWrite(state, stored, withChanges);
  const key = createKey();
  const writeId = createWriteId();
  const id = toId(state.context, key);
  const revision = stored.revision + 1;
  const { from: _retired, ...meta } = stored.meta;
  const writes = remember(stored, writeId);
  const freshMeta: Meta = withExpiry({ ...meta, writes, rotatedAt: now }, state);
  const expiresAt = state.nextExpiry(now);
  return {
    plan,
    key,
    writeId,
    fresh: {
      ...stored,
      id,
      revision: 1,
      expiresAt,
      meta: grace ? { ...freshMeta, from: { id: stored.id, revision } } : freshMeta,
      fields: plan.fields,
      refused: plan.refused,
    },
    moved: {
      ...stored,
      revision,
      expiresAt: grace ? expiresAt : now + unfinishedLife,
      meta: {
        writes,
        moved: { to: id, key: sealText(key, state.key ?? ""), usableFrom: grace ? now : now + crashTime },
      },
      fields: {},
      refused: {},
    },
  };
}

/** Steps 1 and 2: the bytes of the new record; `null`, leaving nothing, when another request wrote first. */
async function commit(
  store: ReferenceStore,
  state: SessionState,
  rotation: Rotation,
): Promise<number | null> {
  const { backend, context } = store;
  const { fresh, moved, writeId, plan } = rotation;
  const unfinished = { ...fresh, expiresAt: Math.min(fresh.expiresAt, context.clock() + unfinishedLife) };
  const record = toRecord(unfinished, context, writeId);
  await store.add(record, moved.id);
  const attempt = { writeId, changes: plan.changes };
  if (await store.attempt(state, attempt, toRecord(moved, context, writeId))) return record.data.length;
  await backend.delete(fresh.id);
  return null;
}

/** Steps 3 and 4. Whoever removed one of the records meanwhile has ended the session, and may not have seen the other. */
async function finish(
  store: ReferenceStore,
  state: SessionState,
  { key, fresh, moved }: Pick<Rotation, "key" | "fresh" | "moved">,
  { grace }: Pick<RotationOptions, "grace">,
): Promise<void> {
  const { backend } = store;
  // The old key may have led another request here that has written already.
  const isAlive =
    (await backend.touch(fresh.id, fresh.revision, fresh.expiresAt)) || (await store.read(key)) !== null;
  const isOurs = isAlive && (grace ? await backend.exists(moved.id) : await retire(store, moved));
  if (isOurs) return;
  await backend.delete(fresh.id);
  throw gone(state);
}

function retire({ backend, context }: ReferenceStore, moved: StoredSession): Promise<boolean> {
  const writeId = createWriteId();
  const retired: StoredSession = {
    ...moved,
    revision: moved.revision + 1,
    expiresAt: context.clock() + retiredLife,
    meta: { writes: writeId, moved: { to: moved.meta.moved?.to ?? null } },
  };
  return backend.save(toRecord(retired, context, writeId));
}
