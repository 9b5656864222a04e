/** What is to be done with a session when its request ends. */
export type Outcome = "keep" | "create" | "save" | "touch" | "rotate" | "delete";

/** What the decision depends on. */
export interface LifecycleFacts {
  /** `open`, or `ended` when it was destroyed here or found deleted elsewhere. */
  readonly phase: "open" | "ended";
  /** It was destroyed here, but its record may still be there. */
  readonly isDeletionPending: boolean;
  /** It has a record. */
  readonly isStored: boolean;
  /** Its fields or its expiry were changed, or the app said so. */
  readonly isModified: boolean;
  /** It has no record, and no field of it is set. */
  readonly isEmpty: boolean;
  /** The client has the new key: what still leads to it from the old one is to be retired. */
  readonly isForwardSpent: boolean;
  /** A field was changed whose change takes a new key. */
  readonly isRotatedByChange: boolean;
  /** The key is older than the kind allows. */
  readonly isRotationDue: boolean;
  /** It is active long enough after its last write for its expiry to move. */
  readonly isTouchDue: boolean;
  /** The adapter was told that this request only reads. */
  readonly isReadOnly: boolean;
}

/**
 * The one place that decides what follows from a request. `status` is that of the response; a failed one (500 and
 * above) stores nothing that the handler did not store itself.
 */
export function decide(facts: LifecycleFacts, status: number): Outcome {
  // A response that failed already does not wait for the backend a second time.
  if (facts.isDeletionPending) return status >= 500 ? "keep" : "delete";
  if (facts.phase === "ended" || facts.isReadOnly || status >= 500) return "keep";
  if (!facts.isStored) return facts.isModified && !facts.isEmpty ? "create" : "keep";
  if (facts.isRotatedByChange || facts.isRotationDue) return "rotate";
  if (facts.isModified || facts.isForwardSpent) return "save";
  return facts.isTouchDue ? "touch" : "keep";
}
