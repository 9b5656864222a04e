import type { NumberedKind } from "../history/model-file.js";

/** What a value may be now and could not be before, and the other way round, in words. */
export interface LimitChanges {
  readonly narrowed: readonly string[];
  readonly widened: readonly string[];
}

/** What changed of the limits, patterns and steps of a value. */
export function compareLimits(before: NumberedKind, after: NumberedKind): LimitChanges {
  const [narrowed, widened]: [string[], string[]] = [[], []];
  for (const { least, strict, isLower, say } of limits) {
    const [old, now] = [boundOf(before, least, strict, isLower), boundOf(after, least, strict, isLower)];
    if (old?.value === now?.value && old?.isOpen === now?.isOpen) continue;
    const inWords = (bound: Bound | undefined): string =>
      bound === undefined ? "no limit" : say(valueInWords(after, bound.value), bound.isOpen);
    const text = `${inWords(now)} instead of ${inWords(old)}`;
    (isTighter(old, now, isLower) ? narrowed : widened).push(text);
  }
  for (const { rule, gone, come } of conditions) {
    const [old, now] = [before[rule], after[rule]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    if (now === undefined) widened.push(gone);
    else narrowed.push(come);
  }
  return { narrowed, widened };
}

interface Bound {
  readonly value: number | bigint;
  /** The value itself is outside. */
  readonly isOpen: boolean;
}

const limits = [
  {
    least: "minimum",
    strict: "exclusiveMinimum",
    isLower: true,
    say: (limit: string, isOpen: boolean) => `${isOpen ? "above" : "at least"} ${limit}`,
  },
  {
    least: "maximum",
    strict: "exclusiveMaximum",
    isLower: false,
    say: (limit: string, isOpen: boolean) => `${isOpen ? "below" : "at most"} ${limit}`,
  },
  { least: "minLength", strict: "", isLower: true, say: (limit: string) => `at least ${limit} long` },
  { least: "maxLength", strict: "", isLower: false, say: (limit: string) => `at most ${limit} long` },
  { least: "minItems", strict: "", isLower: true, say: (limit: string) => `at least ${limit} elements` },
  { least: "maxItems", strict: "", isLower: false, say: (limit: string) => `at most ${limit} elements` },
];

const conditions = [
  { rule: "patterns", gone: "without the pattern", come: "by another pattern or format" },
  { rule: "multipleOf", gone: "of any step", come: "by another step" },
  { rule: "uniqueItems", gone: "the same element twice", come: "no element twice" },
];

function boundOf(kind: NumberedKind, least: string, strict: string, isLower: boolean): Bound | undefined {
  const value = limitOf(kind[least]);
  if (value !== undefined) return { value, isOpen: false };
  const open = limitOf(kind[strict]);
  if (open === undefined) return undefined;
  if (kind.type !== "integer" || typeof open !== "number") return { value: open, isOpen: true };
  // The next whole number is the limit.
  return { value: isLower ? Math.floor(open) + 1 : Math.ceil(open) - 1, isOpen: false };
}

function isTighter(old: Bound | undefined, now: Bound | undefined, isLower: boolean): boolean {
  if (now === undefined) return false;
  if (old === undefined) return true;
  if (old.value === now.value) return now.isOpen;
  return isLower ? now.value > old.value : now.value < old.value;
}

/** Limits are numbers, or bigints under their mark. */
function limitOf(limit: unknown): number | bigint | undefined {
  if (typeof limit === "number") return limit;
  if (typeof limit !== "object" || limit === null || !("$bigint" in limit)) return undefined;
  return BigInt(String(limit.$bigint));
}

function valueInWords({ type }: NumberedKind, value: number | bigint): string {
  return type === "date" ? new Date(Number(value)).toISOString() : String(value);
}
