import { SessionError } from "../platform/errors.js";
import { requireOpen } from "./dictionary.js";
import { requireHead } from "./late-use.js";
import type { Outcome } from "./lifecycle.js";
import type { SessionState } from "./session-state.js";

/**
 * Carries out what the lifecycle decided; `undefined` when that was done at once. Rejects with `SessionError`; but a
 * session that another request has ended is no failure of one that changed nothing.
 */
export function carryOut(outcome: Outcome, state: SessionState): Promise<void> | undefined {
  if (outcome === "delete") return endNow(state);
  return atOnceInTurn(state, () => {
    if (state.isModified()) {
      state.takeQuietExpiry();
      return perform(outcome, state, true);
    }
    return begin(() => perform(outcome, state, false))?.catch((error: unknown) => {
      if (!(error instanceof SessionError) || error.code !== "gone") throw error;
    });
  });
}

function perform(
  outcome: Exclude<Outcome, "delete">,
  state: SessionState,
  withChanges: boolean,
): Promise<void> | undefined {
  const { store } = state.context;
  switch (outcome) {
    case "create":
      return store.create(state);
    case "save":
      return store.save(state, { withChanges });
    case "touch":
      return store.touch(state).then(() => undefined);
    case "rotate": {
      // Parallel requests survive a periodic change of key; one made by a login must not leave the old key alive.
      const isByChange = withChanges && state.isRotatedByChange();
      return isByChange ? takeNewKey(state) : store.rotate(state, { grace: true, withChanges });
    }
    case "keep":
      return undefined;
  }
}

/** Stores a session at once. With nothing to store it is only looked up, so that one deleted elsewhere is noticed. */
export function saveNow(state: SessionState): Promise<void> {
  return inTurn(state, () => {
    const { store } = state.context;
    state.takeQuietExpiry();
    const isRotated = state.stored !== null && state.isRotatedByChange();
    if (state.stored === null || isRotated) requireHead(state);
    if (state.stored === null) return store.create(state);
    if (isRotated) return takeNewKey(state);
    return state.isUnsaved() ? store.save(state, { withChanges: true }) : store.reload(state);
  });
}

/** Replaces a session's key at once. */
export function rotateNow(state: SessionState): Promise<void> {
  return inTurn(state, () => {
    const { store } = state.context;
    requireHead(state);
    state.takeQuietExpiry();
    return state.stored === null ? store.create(state) : takeNewKey(state);
  });
}

/** Whoever knew the old key, or tokens that were made under it, knows nothing of what comes. */
function takeNewKey(state: SessionState): Promise<void> {
  state.renewsCsrf = true;
  return state.context.store.rotate(state, { grace: false, withChanges: true });
}

/** Reads a session again at once; what was not saved is lost, unless the reading fails. */
export function reloadNow(state: SessionState): Promise<void> {
  return inTurn(state, async () => {
    if (state.stored !== null) await state.context.store.reload(state);
    state.discard();
  });
}

/** Moves a session's expiry at once. */
export function touchNow(state: SessionState): Promise<void> {
  return inTurn(state, async () => {
    const { store } = state.context;
    if (state.stored === null) return;
    // Whoever keeps overtaking it moves the expiry as well.
    for (let tries = 0; tries < 8 && !(await store.touch(state)); tries += 1) await store.reload(state);
  });
}

/** Stores a session that has no key yet. */
export function ensureStored(state: SessionState): Promise<void> {
  return inTurn(state, async () => {
    if (state.key !== null) return;
    requireHead(state);
    state.takeQuietExpiry();
    await state.context.store.create(state);
  });
}

/** Ends a session at once. It has ended for the app even when the place fails: then the record goes at the end of the request, or that fails too. */
export function endNow(state: SessionState): Promise<void> {
  state.isDestroyed = true;
  state.phase = "ended";
  state.isDeletionPending = true;
  state.key = null;
  state.values.replace({});
  const ending = queue(state, async () => {
    await state.context.store.end(state);
    await state.foreign?.end();
    state.isDeletionPending = false;
    state.finish();
  });
  return ending ?? Promise.resolve();
}

/** A promise that an app may leave alone: its failure is the request's then, and must not end the process. */
export function heardElsewhere<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

/** Does one thing after the other: what an app starts without waiting must not run beside what it started before. */
function inTurn(state: SessionState, work: Work): Promise<void> {
  return atOnceInTurn(state, work) ?? Promise.resolve();
}

/** The same, but `undefined` when it was done at once. */
function atOnceInTurn(state: SessionState, work: Work): Promise<void> | undefined {
  return queue(state, () => {
    requireOpen(state);
    return work();
  });
}

/** What takes its turn: `undefined` when it was done at once. */
type Work = () => Promise<void> | undefined;

function queue(state: SessionState, work: Work): Promise<void> | undefined {
  const before = state.busy;
  const result = before === null ? begin(work) : before.then(work);
  if (result === undefined) return undefined;
  const settled: Promise<unknown> = result.then(
    () => done(before),
    (error: unknown) => done(error),
  );
  function done(outcome: unknown): unknown {
    if (state.busy === settled) state.busy = null;
    return outcome;
  }
  state.busy = settled;
  return result;
}

/** What fails at once fails as what fails later. */
function begin(work: Work): Promise<void> | undefined {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
