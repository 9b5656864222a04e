import { isField, isKind, listOf, valueIn } from "./kind-parts.js";
import { type NumberedField, type NumberedKind, storedName } from "./model-file.js";

/** Whether every value that the first kind allowed is allowed by the second one. What cannot be told is not allowed. */
export function isWidening(before: NumberedKind, after: NumberedKind): boolean {
  return widens(before, after, false);
}

/** `isAlternative`: below a union, where defaults are not filled in and a strict object is strict in the store too. */
function widens(before: NumberedKind, after: NumberedKind, isAlternative: boolean): boolean {
  if (isSame(before, after)) return true;
  const pairWidens: PairWidens = (old, now) => isKind(old) && isKind(now) && widens(old, now, isAlternative);
  if (before.type === "nullable")
    return after.type === "nullable" && pairWidens(before["inner"], after["inner"]);
  if (after.type === "nullable") return pairWidens(before, after["inner"]);
  if (before.type === "integer" && after.type === "number") return limitsWiden(before, after);
  if (before.type !== after.type) return false;
  switch (before.type) {
    case "literal":
      return listOf(before["values"]).every((value) =>
        listOf(after["values"]).some((other) => valueIn(other) === valueIn(value)),
      );
    case "array":
      return limitsWiden(before, after) && pairWidens(before["items"], after["items"]);
    case "record":
      return pairWidens(before["keys"], after["keys"]) && pairWidens(before["values"], after["values"]);
    case "tuple":
      return tupleWidens(before, after, pairWidens);
    case "object":
      return objectWidens(before, after, isAlternative);
    case "union":
      return listOf(before["members"]).every((member) =>
        listOf(after["members"]).some(
          (other) => isKind(member) && isKind(other) && widens(member, other, true),
        ),
      );
    default:
      return limitsWiden(before, after);
  }
}

type PairWidens = (before: unknown, after: unknown) => boolean;

const lowerLimits = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const upperLimits = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];
const structure: ReadonlySet<string> = new Set([
  "type",
  "items",
  "keys",
  "values",
  "members",
  ...lowerLimits,
  ...upperLimits,
]);

function limitsWiden(before: NumberedKind, after: NumberedKind): boolean {
  const lower = lowerLimits.every(
    (name) => !(limitOf(after[name], -Infinity) > limitOf(before[name], -Infinity)),
  );
  const upper = upperLimits.every(
    (name) => !(limitOf(after[name], Infinity) < limitOf(before[name], Infinity)),
  );
  const others = Object.keys(after).filter((name) => !structure.has(name));
  return lower && upper && others.every((name) => isSame(before[name], after[name]));
}

function objectWidens(before: NumberedKind, after: NumberedKind, isAlternative: boolean): boolean {
  const [old, now] = [listOf(before["members"]).filter(isField), listOf(after["members"]).filter(isField)];
  const mayBeAbsent = (member: NumberedField): boolean =>
    member.optional === true || (member.default !== undefined && !isAlternative);
  const isKept = old.every((member) => {
    const same = now.find((candidate) => storedName(candidate) === storedName(member));
    const staysAbsent = same !== undefined && (mayBeAbsent(same) || !mayBeAbsent(member));
    return same !== undefined && staysAbsent && widens(member.kind, same.kind, isAlternative);
  });
  const added = now.filter((member) =>
    old.every((candidate) => storedName(candidate) !== storedName(member)),
  );
  const isClosed = isAlternative && after["strict"] === true && before["strict"] !== true;
  return isKept && added.every(mayBeAbsent) && !isClosed;
}

function tupleWidens(before: NumberedKind, after: NumberedKind, pairWidens: PairWidens): boolean {
  const [old, now] = [listOf(before["items"]), listOf(after["items"])];
  if (old.length !== now.length || !old.every((item, index) => pairWidens(item, now[index]))) return false;
  return before["rest"] === undefined || pairWidens(before["rest"], after["rest"]);
}

/** Limits are numbers, or bigints under their mark. */
function limitOf(limit: unknown, absent: number): number | bigint {
  if (typeof limit === "number") return limit;
  if (typeof limit !== "object" || limit === null || !("$bigint" in limit)) return absent;
  return BigInt(String(limit.$bigint));
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
