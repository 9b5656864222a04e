import { sealText } from "../platform.js";
import type { Meta } from "../record/contents.js";
import { toRecord } from "../record/stored-record.js";
import type { SessionState } from "../session/session-state.js";
import { gone, overtaken, type ReferenceStore, remember, requireStored, withExpiry } from "./by-reference.js";
import { createPatience } from "./patience.js";
import { planWrite, type WritePlan } from "./plan-write.js";
import { createKey, createWriteId, toHandle } from "./session-key.js";
import type { StoredSession } from "./token-store.js";

/** How long a record lives that a crash may leave behind, in milliseconds. */
const unfinishedLife = 60_000;

/** After so many milliseconds a moved record that should be gone tells of a crash, and the old key may follow it. */
const crashTime = 10_000;

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
 * all starts again; (3) the new one gets its full life; (4) without grace the moved record is removed. A crash
 * before (2) leaves a key that nobody was sent.
 */
export async function rotateRecord(
  store: ReferenceStore,
  state: SessionState,
  options: { readonly grace: boolean },
): Promise<void> {
  const patience = createPatience(store.context.patience);
  for (;;) {
    const rotation = planRotation(state, options.grace);
    if (await move(store, state, rotation, options.grace)) {
      state.takeKey(rotation.key);
      state.settle(rotation.plan.changes, rotation.fresh);
      return;
    }
    await store.reload(state);
    if (!(await patience.wait())) throw overtaken(store.context);
  }
}

function planRotation(state: SessionState, grace: boolean): Rotation {
  const stored = requireStored(state);
  const now = state.context.clock();
  const plan = planWrite(state, stored.fields);
  const key = createKey();
  const writeId = createWriteId();
  const id = toHandle(state.context.name, key);
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

/** Carries the protocol out. `false` when another request wrote first. */
async function move(
  store: ReferenceStore,
  state: SessionState,
  rotation: Rotation,
  grace: boolean,
): Promise<boolean> {
  const { backend, context } = store;
  const { fresh, moved, writeId, plan } = rotation;
  const unfinished = { ...fresh, expiresAt: Math.min(fresh.expiresAt, context.clock() + unfinishedLife) };
  await backend.create(toRecord(unfinished, context, writeId));
  if (!(await store.attempt(state, { writeId, changes: plan.changes }, toRecord(moved, context, writeId)))) {
    await backend.delete(fresh.id);
    return false;
  }
  const isAlive = await backend.touch(fresh.id, 1, fresh.expiresAt);
  // Whoever removed the moved record meanwhile has ended the session, and may not have seen the new one.
  const isOurs = isAlive && (grace ? await backend.exists(moved.id) : await backend.delete(moved.id));
  if (isOurs) return true;
  await backend.delete(fresh.id);
  throw gone(state);
}
