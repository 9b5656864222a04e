import type { Outcome } from "./lifecycle.js";
import type { SessionState } from "./session-state.js";

/** Carries out what the lifecycle decided. Rejects with `SessionError`. */
export async function carryOut(outcome: Outcome, state: SessionState): Promise<void> {
  const { store } = state.context;
  switch (outcome) {
    case "create":
      return store.create(state);
    case "save":
      return store.save(state);
    case "touch":
      await store.touch(state);
      return;
    case "rotate":
      // Parallel requests survive a periodic change of key; one made by a login must not leave the old key alive.
      return store.rotate(state, { grace: !state.isModified() });
    case "delete":
      return endNow(state);
    case "keep":
      return;
  }
}

/** Stores a session at once. With nothing to store it is only looked up, so that one deleted elsewhere is noticed. */
export async function saveNow(state: SessionState): Promise<void> {
  const { store } = state.context;
  if (state.stored === null) return store.create(state);
  const changes = state.values.changes();
  if (state.isRotatedBy(changes)) return store.rotate(state, { grace: false });
  const hasWork = changes.length > 0 || state.isMarkedModified || state.isExpiryChanged;
  return hasWork ? store.save(state) : store.reload(state);
}

/** Replaces a session's key at once. */
export async function rotateNow(state: SessionState): Promise<void> {
  const { store } = state.context;
  return state.stored === null ? store.create(state) : store.rotate(state, { grace: false });
}

/** Ends a session at once. It has ended for the app even when the place fails: then the record goes at the end of the request, or that fails too. */
export async function endNow(state: SessionState): Promise<void> {
  state.isDestroyed = true;
  state.phase = "ended";
  state.isDeletionPending = state.stored !== null;
  state.key = null;
  state.values.replace({});
  await state.context.store.end(state);
  state.isDeletionPending = false;
  state.finish();
}
