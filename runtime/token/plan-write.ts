import { SessionError } from "../platform/errors.js";
import { insteadOfAssigned } from "../record/visible-fields.js";
import { wireEquals } from "../record/wire-equals.js";
import { noFields } from "../record/wire-fields.js";
import type { SessionContext } from "../session/context.js";
import { applyChanges, type FieldChange } from "../session/merge.js";
import type { SessionState, WriteAttempt } from "../session/session-state.js";
import type { SessionRecord } from "../types/backend.js";
import type { WireFields, WireValue } from "../types/shape.js";
import type { StoredSession } from "./token-store.js";

/** A write that is ready to be sent. */
export interface WritePlan {
  readonly changes: readonly FieldChange[];
  /** All fields as they are to be stored: theirs with the changes made. */
  readonly fields: WireFields;
  /** What is still stored in the place of some. */
  readonly refused: StoredSession["refused"];
}

/** What a write starts from. */
export type WriteBase = Pick<StoredSession, "fields" | "refused">;

/** What a new session starts from. */
export const emptyBase: WriteBase = { fields: {}, refused: noFields };

/** A write that is ready to be sent. */
export interface PreparedWrite extends Omit<WriteAttempt, "after"> {
  readonly stored: StoredSession;
  readonly record: SessionRecord;
}

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
  assertMergeable(changes, theirs, state);
  const fields = applyChanges(theirs.fields, changes, context.fields);
  const merged = changes.filter((change) => fields[change.field] !== change.mine);
  if (merged.length > 0)
    assertValid(
      pickChanged(merged, (change) => fields[change.field]),
      context,
      "conflict",
    );
  const assigned = withAssigned({ fields, refused: theirs.refused }, changes, context);
  return { changes, fields: assigned.fields, refused: assigned.refused };
}

/** What another version wrote meanwhile and this one refuses is no absent field: a sum or a list made without it would replace it. */
function assertMergeable(
  changes: readonly FieldChange[],
  { fields, refused }: WriteBase,
  { context, refusedBefore }: SessionState,
): void {
  if (refused === noFields) return;
  const lost = changes.filter(
    ({ field, mine }) =>
      ![mine, refused[field]].includes(undefined) &&
      fields[field] === undefined &&
      !wireEquals(refused[field], refusedBefore[field]) &&
      context.fields.strategyOf(field) !== "replace",
  );
  if (lost.length === 0) return;
  const names = lost.map(({ field }) => context.fields.nameOf(field));
  throw new SessionError(
    "conflict",
    `Another version of the code gave ${names.join(", ")} a value that this one does not allow, at the same time. Reload and try again.`,
    { details: { fields: names } },
  );
}

function untraceable(context: SessionContext): SessionError {
  return new SessionError(
    "conflict",
    `Whether an earlier write of this ${context.name} was stored can no longer be known, and some of its changes must not be made twice. Reload and try again.`,
  );
}

/** What is stored once these fields are assigned. One that is removed is gone also as what it was in older versions. */
function withAssigned(
  { fields, refused }: WriteBase,
  changes: readonly FieldChange[],
  context: SessionContext,
): WriteBase {
  const kept = withoutFormer(fields, changes, context);
  if (refused === noFields || Object.keys(refused).length === 0) return { fields: kept, refused };
  const instead = changes.flatMap(({ field }) => {
    const value = insteadOfAssigned(field, { fields, refused }, context);
    return value === undefined ? [] : [[field, value] as const];
  });
  const assigned = new Set(changes.map((change) => change.field));
  return { fields: kept, refused: { ...without(refused, assigned), ...Object.fromEntries(instead) } };
}

function withoutFormer(
  fields: WireFields,
  changes: readonly FieldChange[],
  { upgrades }: SessionContext,
): WireFields {
  if (upgrades === undefined) return fields;
  const removed = changes.filter((change) => fields[change.field] === undefined);
  const former = new Set(removed.flatMap((change) => upgrades.formerNames(change.field)));
  return former.size === 0 ? fields : without(fields, former);
}

function without<Value>(
  members: Readonly<Record<string, Value>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.has(name)));
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
    details: { fields: [...new Set(problems.map((problem) => context.fields.nameOf(problem.field)))] },
  });
}
