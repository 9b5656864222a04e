import { noFields, type WireFields, type WireValue } from "../record/shape.js";
import type { SessionContext } from "../session/context.js";
import { applyChanges, type FieldChange } from "../session/merge.js";
import type { SessionState } from "../session/session-state.js";
import { SessionError } from "../session-error.js";
import type { StoredSession } from "./token-store.js";

/** A write that is ready to be sent. */
export interface WritePlan {
  readonly changes: readonly FieldChange[];
  /** All fields as they are to be stored: theirs with the changes made. */
  readonly fields: WireFields;
  /** What stays of the stored fields that this version refuses. */
  readonly refused: WireFields;
}

/** What a write starts from. */
export type WriteBase = Pick<StoredSession, "fields" | "refused">;

/**
 * Applies a session's changes to what is stored. Throws `SessionError` `"invalid"` when a changed field does not
 * validate, `"conflict"` when only its merged value does not, or when a rule forbids merging.
 */
export function planWrite(state: SessionState, theirs: WriteBase, withChanges: boolean): WritePlan {
  const { context } = state;
  if (withChanges && state.isUntraceable) throw untraceable(context);
  const changes = withChanges ? state.values.changes() : [];
  const mine = pickChanged(changes, (change) => change.mine);
  assertValid(mine, context, "invalid");
  const fields = applyChanges(theirs.fields, changes, context.fields);
  const merged = changes.filter((change) => fields[change.field] !== change.mine);
  if (merged.length > 0)
    assertValid(
      pickChanged(merged, (change) => fields[change.field]),
      context,
      "conflict",
    );
  return { changes, fields, refused: withoutAssigned(theirs.refused, changes) };
}

function untraceable(context: SessionContext): SessionError {
  return new SessionError(
    "conflict",
    `Whether an earlier write of this ${context.name} was stored can no longer be known, and some of its changes must not be made twice. Reload and try again.`,
  );
}

function withoutAssigned(refused: WireFields, changes: readonly FieldChange[]): WireFields {
  if (refused === noFields) return refused;
  const assigned = new Set(changes.map((change) => change.field));
  const kept = Object.entries(refused).filter(([name]) => !assigned.has(name));
  return kept.length === 0 ? noFields : Object.fromEntries(kept);
}

function pickChanged(
  changes: readonly FieldChange[],
  choose: (change: FieldChange) => WireValue | undefined,
): WireFields {
  const fields: Record<string, WireValue> = {};
  for (const change of changes) {
    const value = choose(change);
    if (value !== undefined) fields[change.field] = value;
  }
  return fields;
}

function assertValid(fields: WireFields, context: SessionContext, code: "invalid" | "conflict"): void {
  const problems = context.checkWire(fields);
  if (problems.length === 0) return;
  const what = problems.map((problem) => `${problem.path} ${problem.message}`).join("; ");
  const message =
    code === "invalid"
      ? `The ${context.name} was not saved: ${what}.`
      : `Merging with another request's change gave a value that is not allowed: ${what}.`;
  throw new SessionError(code, message, {
    details: { fields: [...new Set(problems.map((problem) => problem.field))] },
  });
}
