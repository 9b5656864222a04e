import type { WireFields, WireValue } from "../record/shape.js";
import { wireEquals } from "../record/wire-equals.js";
import { SessionError } from "../session-error.js";

/** What happens to a field that another request changed too. */
export type MergeStrategy = "replace" | "sum" | "union" | "append" | "reject";

/** One changed field, by its stored name: what it was when the app got it, and what the app made of it. `undefined` is absent. */
export interface FieldChange {
  readonly field: string;
  readonly base: WireValue | undefined;
  readonly mine: WireValue | undefined;
}

/** What merging has to know about the fields. */
export interface MergeRules {
  /** Fields are named as they are stored. */
  strategyOf(field: string): MergeStrategy;
  /** The default of a field in wire form, if it has one. */
  defaultOf(field: string): WireValue | undefined;
  /** A stored value as the app's own is written: with the defaults of its members, which are filled in on the way to the app. */
  filled(field: string, value: WireValue): WireValue;
  /** What people call it. */
  nameOf(field: string): string;
}

/**
 * The stored fields with my changes made to them: a three-way merge, field by field. Fields that I did not
 * change, and those unknown here, are theirs. Throws `SessionError` `"conflict"` for a field with `reject`
 * that both changed.
 */
export function applyChanges(
  theirs: WireFields,
  changes: readonly FieldChange[],
  rules: MergeRules,
): WireFields {
  const merged: Record<string, WireValue> = { ...theirs };
  for (const change of changes) {
    const value = mergeField(change, merged[change.field], rules);
    if (value === undefined) delete merged[change.field];
    else merged[change.field] = value;
  }
  return merged;
}

function mergeField(
  change: FieldChange,
  theirs: WireValue | undefined,
  rules: MergeRules,
): WireValue | undefined {
  const { field, base, mine } = change;
  if (wireEquals(base, theirs)) return mine;
  const strategy = rules.strategyOf(field);
  if (strategy === "reject") throw conflict(rules.nameOf(field));
  if (mine === undefined || strategy === "replace") return mine;
  const initial = rules.defaultOf(field);
  const filled = (value: WireValue | undefined): WireValue | undefined =>
    value === undefined ? initial : rules.filled(field, value);
  return strategies[strategy](filled(base), mine, filled(theirs));
}

type Strategy = (base: WireValue | undefined, mine: WireValue, theirs: WireValue | undefined) => WireValue;

const strategies: Readonly<Record<"sum" | "union" | "append", Strategy>> = {
  sum(base, mine, theirs) {
    if (typeof mine === "bigint") return toBigint(theirs) + (mine - toBigint(base));
    return typeof mine === "number" ? toNumber(theirs) + (mine - toNumber(base)) : mine;
  },
  append(base, mine, theirs) {
    if (!Array.isArray(mine)) return mine;
    const start = toList(base);
    const begins = start.length <= mine.length && start.every((item, index) => wireEquals(item, mine[index]));
    return begins ? [...toList(theirs), ...mine.slice(start.length)] : mine;
  },
  union(base, mine, theirs) {
    if (!Array.isArray(mine)) return mine;
    const removed = toList(base).filter((item) => !holds(mine, item));
    const merged = toList(theirs).filter((item) => !holds(removed, item));
    for (const item of mine as readonly WireValue[]) {
      if (!holds(merged, item) && !holds(toList(base), item)) merged.push(item);
    }
    return merged;
  },
};

function holds(list: readonly WireValue[], item: WireValue): boolean {
  return list.some((other) => wireEquals(other, item));
}

function toList(value: WireValue | undefined): WireValue[] {
  return Array.isArray(value) ? [...value] : [];
}

function toNumber(value: WireValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

function toBigint(value: WireValue | undefined): bigint {
  return typeof value === "bigint" ? value : 0n;
}

function conflict(field: string): SessionError {
  return new SessionError(
    "conflict",
    `Another request changed the field "${field}" at the same time, and its merge strategy is "reject". Reload and try again.`,
    { details: { fields: [field] } },
  );
}
