import { SessionError } from "../platform/errors.js";
import { wireEquals } from "../record/wire-equals.js";
import type { WireFields, WireValue } from "../types/shape.js";

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
  const compared = (value: WireValue | undefined): readonly Compared[] => {
    const list = toList(value);
    const filled = toList(value === undefined ? undefined : rules.filled(field, value));
    return list.map((item, index) => ({ item, filled: filled[index] ?? item }));
  };
  const [before, after] = [base ?? initial, theirs ?? initial];
  if (strategy === "sum") return sum(before, mine, after);
  if (!Array.isArray(mine)) return mine;
  const merge = strategy === "append" ? append : union;
  return merge(compared(before), compared(mine), compared(after)).map(({ item }) => item);
}

/** An element of a list, and as it is compared: with the defaults of its members, which not every writer adds. */
interface Compared {
  readonly item: WireValue;
  readonly filled: WireValue;
}

type List = readonly Compared[];

function sum(base: WireValue | undefined, mine: WireValue, theirs: WireValue | undefined): WireValue {
  if (typeof mine === "bigint") return toBigint(theirs) + (mine - toBigint(base));
  return typeof mine === "number" ? toNumber(theirs) + (mine - toNumber(base)) : mine;
}

function append(base: List, mine: List, theirs: List): List {
  const begins =
    base.length <= mine.length && base.every(({ filled }, index) => wireEquals(filled, mine[index]?.filled));
  return begins ? [...theirs, ...mine.slice(base.length)] : mine;
}

function union(base: List, mine: List, theirs: List): List {
  const removed = base.filter((one) => !holds(mine, one));
  const merged = theirs.filter((one) => !holds(removed, one));
  for (const one of mine) if (!holds(merged, one) && !holds(base, one)) merged.push(one);
  return merged;
}

function holds(list: List, { filled }: Compared): boolean {
  return list.some((other) => wireEquals(other.filled, filled));
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
