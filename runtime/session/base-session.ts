import { handleIn } from "../token/session-key.js";
import { endNow, ensureStored, heardElsewhere, reloadNow, rotateNow, saveNow, touchNow } from "./act.js";
import { requireOpen, SessionDictionary, stateOf } from "./dictionary.js";
import { toChosenExpiry } from "./expiry.js";
import type { SessionState } from "./session-state.js";

/**
 * The behaviour of every session. Generated classes add one typed accessor per field. Reading and writing happen
 * in memory; what is to be stored is found out and done at the end of the request, or at once by the methods
 * that return a promise. Those reject with `SessionError`; one that nobody waits for fails the request instead, if it is still
 * under way when the handler is done: await what matters, such as `cycleKey()`.
 */
export class BaseSession<Data extends object> extends SessionDictionary<Data> {
  /** The secret that the client carries; `null` until the session is first saved, and after it is destroyed. */
  get key(): string | null {
    return accessed(this).key;
  }

  /** The key's public hash: safe to show, log and store. */
  get handle(): string | null {
    const { stored } = accessed(this);
    return stored && handleIn(stored.id);
  }

  /** Whether it has not been saved yet. */
  get isNew(): boolean {
    return accessed(this).stored === null;
  }

  /** Whether its data differs from what was loaded or last saved. */
  get isModified(): boolean {
    return stateOf(this).isModified();
  }

  /** Whether its data, or whose session it is, was read or written. */
  get isAccessed(): boolean {
    return stateOf(this).isAccessed;
  }

  /** Whether no field is set. */
  get isEmpty(): boolean {
    return this.keys().length === 0;
  }

  /** Epoch milliseconds. */
  get createdAt(): number {
    return accessed(this).createdAt;
  }

  /** Epoch milliseconds; of a session that is not saved yet, when it would end if it were saved now. */
  get expiresAt(): number {
    const state = accessed(this);
    if (state.stored !== null && !state.isExpiryChanged) return state.stored.expiresAt;
    return state.nextExpiry(state.context.clock());
  }

  /** Has it saved at the end of the request, whether its data changed or not. */
  markModified(): void {
    requireOpen(stateOf(this)).isMarkedModified = true;
  }

  /** Lets what was changed so far not be saved at the end of the request; `save()` writes it all the same. */
  markUnmodified(): void {
    stateOf(this).forgetModified();
  }

  /**
   * Chooses this session's life: seconds slide, a Date is the end, `"browser"` ends with the browser, `null` is the
   * default. The kind's absolute limit bounds every choice.
   */
  setExpiry(choice: number | Date | "browser" | null): void {
    const state = requireOpen(stateOf(this));
    state.chooseExpiry(toChosenExpiry(choice, state.context.clock()));
  }

  /** Stores it now, changes of other requests merged in. Rejects with `"gone"` when it was deleted elsewhere. */
  save(): Promise<void> {
    return saveNow(stateOf(this));
  }

  /** Reads it again; what was not saved is lost. */
  reload(): Promise<void> {
    return reloadNow(stateOf(this));
  }

  /** Moves its expiry, as activity does. */
  touch(): Promise<void> {
    return touchNow(stateOf(this));
  }

  /** Gives it a new key, keeping its data; the old key is dead at once. To be called when rights change. */
  cycleKey(): Promise<void> {
    return rotateNow(stateOf(this));
  }

  /** Ends it: the data, the record and the cookie go. Any later write throws. */
  destroy(): Promise<void> {
    return endNow(stateOf(this));
  }

  /** The name that Django has for `destroy`. */
  flush(): Promise<void> {
    return this.destroy();
  }

  /** Its key; a session that has none yet is saved first. */
  ensureKey(): Promise<string> {
    const state = accessed(this);
    return heardElsewhere(ensureStored(state).then(() => state.key ?? ""));
  }
}

/** The state, for an answer that tells one client from another: no cache may give it to someone else. */
function accessed(session: object): SessionState {
  const state = stateOf(session);
  state.isAccessed = true;
  return state;
}
