import { noFields } from "../record/wire-fields.js";
import type { UnfinishedRotation } from "../token/finish-rotation.js";
import type { ForeignSession } from "../token/foreign-session.js";
import type { FoundSession, StoredSession } from "../token/token-store.js";
import type { StoredContext } from "./context.js";
import type { ChosenExpiry } from "./expiry.js";
import { expiresAt, isTouchDue } from "./expiry.js";
import { FieldValues } from "./field-values.js";
import type { LifecycleFacts } from "./lifecycle.js";
import type { FieldChange } from "./merge.js";

/** A write that was sent and neither confirmed nor refused. */
export interface WriteAttempt {
  readonly writeId: string;
  /** The id of the write that it was made on top of. */
  readonly after: string;
  readonly changes: readonly FieldChange[];
}

/** A new record that was sent and not confirmed. */
export interface CreationAttempt {
  readonly key: string;
  readonly changes: readonly FieldChange[];
}

/** Everything the runtime knows about one session during one request. What a `Session` shows and the store changes. */
export class SessionState {
  readonly context: StoredContext;
  readonly values: FieldValues;
  key: string | null;
  stored: StoredSession | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  chosenExpiry: ChosenExpiry;
  isExpiryChanged = false;
  /** An expiry that was chosen, and is not to be saved unless something else is. */
  quietExpiry: { readonly chosen: ChosenExpiry } | null = null;
  isAccessed = false;
  /** The head of the response said so. */
  isAccessTold = false;
  /** The response has begun: no new key can be sent any more. */
  isHeadGone = false;
  /** The app said that it is modified. */
  isMarkedModified = false;
  isReadOnly = false;
  phase: "open" | "ended" = "open";
  /** It was destroyed here: its cookie is to be removed. */
  isDestroyed = false;
  /** It was destroyed here, but its record may still be there. */
  isDeletionPending = false;
  /** A cookie has to be sent, whatever the response. */
  isCookieDue: boolean;
  /** The client has a cookie of this session: it came with it, or was sent it. */
  isPresented = false;
  /** The client presented the present key itself, not one that only led to it. */
  isKeyConfirmed: boolean;
  /** The client has the present key, or is being sent it. */
  isKeyKnown: boolean;
  /** What stood in the place of some fields when the app got them, or at the last save. */
  refusedBefore: StoredSession["refused"];
  /** The writes whose answers were lost, oldest first. */
  attempts: WriteAttempt[] = [];
  /** Whether one of them was stored can no longer be known, and writing its changes again could repeat them. */
  isUntraceable = false;
  /** The CSRF secret that was made here and is not stored yet. */
  csrf: string | null = null;
  /** The stored CSRF secrets go with the next write. */
  renewsCsrf = false;
  /** The creation whose answer was lost. */
  creation: CreationAttempt | null = null;
  /** The session of another library that this one was made of: it ends with it. */
  foreign: ForeignSession | null = null;
  /** A change of key of which the last step failed, or its answer was lost: to be taken before anything else is done. */
  unfinished: UnfinishedRotation | null = null;
  /** Fulfilled, with the failure if there was one, when everything has ended that acts on this session; `null` when nothing does. */
  busy: Promise<unknown> | null = null;

  constructor(context: StoredContext, found: FoundSession | null) {
    this.context = context;
    this.key = found?.key ?? null;
    this.isKeyConfirmed = found !== null && !found.isForwarded;
    this.isKeyKnown = this.isKeyConfirmed;
    this.isCookieDue = found?.isForwarded === true;
    this.stored = found?.stored ?? null;
    this.createdAt = found?.stored.createdAt ?? context.clock();
    this.chosenExpiry = found?.stored.meta.expiry;
    this.refusedBefore = found?.stored.refused ?? noFields;
    this.values = new FieldValues(context.fields, found?.stored.fields ?? noFields);
  }

  /** When the session would end if it were active now, in epoch milliseconds. */
  nextExpiry(now: number): number {
    return expiresAt(this.context.expiry, this.chosenExpiry, this.createdAt, now);
  }

  isModified(): boolean {
    return this.isMarkedModified || this.isExpiryChanged || this.csrf !== null || this.values.isModified();
  }

  /** Whether there is anything that an explicit save would write. */
  isUnsaved(): boolean {
    return this.isMarkedModified || this.isExpiryChanged || this.csrf !== null || this.values.isChanged();
  }

  /** Chooses how long the session lives. */
  chooseExpiry(chosen: ChosenExpiry): void {
    this.chosenExpiry = chosen;
    this.isExpiryChanged = true;
    this.quietExpiry = null;
  }

  /** Lets what was changed so far not count as modified. */
  forgetModified(): void {
    this.isMarkedModified = false;
    this.values.forgetModified();
    if (!this.isExpiryChanged) return;
    this.quietExpiry = { chosen: this.chosenExpiry };
    this.chosenExpiry = this.stored?.meta.expiry;
    this.isExpiryChanged = false;
  }

  /** For a write of all changes. */
  takeQuietExpiry(): void {
    if (this.quietExpiry !== null) this.chooseExpiry(this.quietExpiry.chosen);
  }

  /** Whether any change takes a new key. */
  isRotatedByChange(): boolean {
    const { onChange } = this.context.rotation;
    return onChange.length > 0 && this.values.changes().some((change) => onChange.includes(change.field));
  }

  /** Whether the key is older than the kind allows. */
  isRotationDue(now: number): boolean {
    const { every } = this.context.rotation;
    if (every === null || this.stored === null) return false;
    return now - (this.stored.meta.rotatedAt ?? this.stored.createdAt) >= every;
  }

  /** Whether the client has the present key, and an older one still leads to it. */
  isForwardSpent(): boolean {
    const from = this.stored?.meta.from;
    return this.isKeyConfirmed && from !== undefined && from.leads !== false;
  }

  /** The facts that the lifecycle decides on. */
  facts(now: number, canRotate: boolean): LifecycleFacts {
    const { stored, context } = this;
    const isModified = this.isModified();
    // One that expired while its request ran is only missed by a request that changed it.
    const isLive = stored !== null && stored.expiresAt > now;
    return {
      phase: this.phase,
      isDeletionPending: this.isDeletionPending,
      isStored: stored !== null,
      isModified,
      isForwardSpent: isLive && this.isForwardSpent(),
      isEmpty: stored === null && this.csrf === null && this.values.names().length === 0,
      isRotatedByChange: isModified && stored !== null && this.isRotatedByChange(),
      isRotationDue: isLive && canRotate && this.isRotationDue(now),
      isTouchDue: isLive && isTouchDue(context.expiry, this.chosenExpiry, stored, now),
      isReadOnly: this.isReadOnly,
    };
  }

  /** Takes a key that the client does not have yet. */
  takeKey(key: string): void {
    this.key = key;
    this.isKeyConfirmed = false;
    this.isKeyKnown = false;
    this.isCookieDue = true;
  }

  /** Takes what is stored now as the starting point of further changes. */
  accept(stored: StoredSession): void {
    this.stored = stored;
    this.values.refresh(stored.fields);
    if (!this.isExpiryChanged) this.chosenExpiry = stored.meta.expiry;
  }

  /** Takes changes as written; `bytes` were stored, when that is known. */
  settle(changes: readonly FieldChange[], stored: StoredSession, bytes?: number): void {
    const isNew = this.stored === null;
    this.values.settle(changes);
    this.isMarkedModified = false;
    this.isExpiryChanged = false;
    this.refusedBefore = stored.refused;
    this.attempts = [];
    this.creation = null;
    this.renewsCsrf = false;
    // One that was made while this was written goes with the next write.
    if (this.csrf !== null && stored.meta.csrf?.includes(this.csrf) === true) this.csrf = null;
    this.accept(stored);
    // Last: whoever hears of it may write to the session at once.
    const { analytics } = this.context;
    if (isNew) analytics?.note({ type: "created", handle: stored.id });
    if (bytes !== undefined) analytics?.note({ type: "saved", handle: stored.id, bytes });
  }

  /** Forgets every change that was not saved. */
  discard(): void {
    this.values.replace(this.stored?.fields ?? noFields);
    this.refusedBefore = this.stored?.refused ?? noFields;
    this.chosenExpiry = this.stored?.meta.expiry;
    this.isMarkedModified = false;
    this.isExpiryChanged = false;
    this.quietExpiry = null;
    this.attempts = [];
    this.isUntraceable = false;
  }

  /** The session is over for this request: nothing of it is written any more. */
  finish(): void {
    this.phase = "ended";
    this.key = null;
    this.stored = null;
    this.unfinished = null;
    this.csrf = null;
    this.values.replace(noFields);
  }
}
