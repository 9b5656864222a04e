import { SessionError } from "../platform/errors.js";
import type { SessionContext } from "../session/context.js";
import type { StoredSession } from "../token/token-store.js";
import type { WireProblem } from "../types/check-wire.js";
import type { WireFields, WireValue } from "../types/shape.js";
import { hideElements, putBack } from "./hidden-elements.js";
import { UnreadableRecord } from "./record.js";
import type { WrittenFields } from "./upgrades.js";
import { noFields } from "./wire-fields.js";

/** What the app may see of a record, and what is stored in the place of it. */
export type VisibleFields = Pick<StoredSession, "fields" | "refused">;

/** A record whose fields are not all as this version would write them. */
export interface DoubtfulRecord extends WrittenFields {
  readonly id: string;
  readonly problems: readonly WireProblem[];
  /** Whether another version may have written the field, so that this one may refuse it without harm. */
  readonly isForeign: (stored: string) => boolean;
}

/**
 * Parts what the app may see from what it may not. A value of another version is converted by the app's upgrade, shown
 * without the elements that are not known here, or not shown; what is stored stays in all three cases. Throws for
 * faults of this version's own, unless they are to be dropped.
 */
export function visibleFields(record: DoubtfulRecord, context: SessionContext): VisibleFields {
  const { fields, problems, isForeign, id } = record;
  const visible: Record<string, WireValue> = Object.assign(Object.create(null), fields);
  const refused: Record<string, WireValue | undefined> = Object.create(null);
  let isCounted = false;
  const stands = (stored: string, value: WireValue | undefined): boolean => {
    refused[stored] = fields[stored];
    if (value === undefined) delete visible[stored];
    else visible[stored] = value;
    return true;
  };
  const upgrade = (stored: string): boolean => {
    const upgraded = context.upgrades?.convert(stored, record) ?? null;
    if (upgraded?.is === "converted") return stands(stored, upgraded.wire);
    if (upgraded?.is === "computed") {
      // From now on the session's own, which the next save writes: what it was computed from may change or go.
      if (upgraded.wire !== undefined) visible[stored] = upgraded.wire;
      return true;
    }
    if (upgraded?.is === "failed") tellFailure(stored, upgraded.cause, context);
    return false;
  };
  for (const stored of context.upgrades?.missing(record) ?? []) if (!upgrade(stored)) isCounted = true;
  for (const stored of new Set(problems.map((problem) => problem.field))) {
    if (isForeign(stored) && fields[stored] !== undefined) {
      if (upgrade(stored)) continue;
      isCounted = true;
      stands(stored, shownPart(stored, fields[stored], context));
    } else delete visible[stored];
  }
  if (isCounted) context.analytics?.note({ type: "invalid", what: "field", handle: id });
  assertOwnFieldsValid(
    problems.filter((problem) => !isForeign(problem.field)),
    context,
  );
  return { fields: visible, refused };
}

/** What is stored of a session: in the place of some fields something else than what the app sees. */
export function storedFields({ fields, refused }: VisibleFields): WireFields {
  if (refused === noFields) return fields;
  const names = Object.keys(refused);
  if (names.length === 0) return fields;
  const stored: Record<string, WireValue> = Object.assign(Object.create(null), fields);
  for (const name of names) {
    const value = refused[name];
    if (value === undefined) delete stored[name];
    else stored[name] = value;
  }
  return stored;
}

/** What is stored instead of a field that the app has assigned: nothing, or the same with the elements that it could not see. */
export function insteadOfAssigned(
  stored: string,
  { fields, refused }: VisibleFields,
  context: SessionContext,
): WireValue | undefined {
  const [before, value] = [refused[stored], fields[stored]];
  const field = context.fields.findStored(stored);
  if (before === undefined || value === undefined || field === undefined) return undefined;
  if (context.upgrades?.convert(stored, { fields: { [stored]: before }, shapeHash: null }) != null)
    return undefined;
  const whole = putBack(field.kind, before, value);
  return whole === value ? undefined : whole;
}

/** A value without what is not known here, where that is valid. */
function shownPart(
  stored: string,
  value: WireValue | undefined,
  context: SessionContext,
): WireValue | undefined {
  const field = context.fields.findStored(stored);
  if (field === undefined || value === undefined) return undefined;
  const shown = hideElements(field.kind, value);
  return shown !== value && context.checkWire({ [stored]: shown }).length === 0 ? shown : undefined;
}

function tellFailure(stored: string, cause: unknown, context: SessionContext): void {
  const name = context.fields.nameOf(stored);
  const kind = cause instanceof Error ? cause.name : "no error";
  const what = `The upgrade of the field "${name}" of a stored ${context.name} failed (${kind})`;
  if (context.onInvalid === "throw")
    throw new SessionError("invalid", `${what}.`, { cause, details: { fields: [name] } });
  context.warn(`${what}. The field reads as if it were not set; what is stored is kept.`);
}

function assertOwnFieldsValid(faults: readonly WireProblem[], context: SessionContext): void {
  if (faults.length === 0 || context.onInvalid === "drop-field") return;
  const what = faults.map((problem) => `${problem.path} ${problem.message}`).join("; ");
  if (context.onInvalid === "reset") throw new UnreadableRecord(what);
  const names = faults.map((problem) => context.fields.nameOf(problem.field));
  throw new SessionError("invalid", `A stored ${context.name} does not validate: ${what}.`, {
    details: { fields: [...new Set(names)] },
  });
}
