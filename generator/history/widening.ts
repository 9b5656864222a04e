import type { NumberedField, NumberedKind } from "./model-file.js";

/** Whether every value that the first kind allowed is allowed by the second one. What cannot be told is not allowed. */
export function isWidening(before: NumberedKind, after: NumberedKind): boolean {
  if (isSame(before, after)) return true;
  if (before.type === "nullable") return after.type === "nullable" && inner(before, after);
  if (after.type === "nullable") return isKind(after["inner"]) && isWidening(before, after["inner"]);
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
      return tupleWidens(before, after);
    case "object":
      return membersWiden(
        listOf(before["members"]).filter(isField),
        listOf(after["members"]).filter(isField),
      );
    case "union":
      return listOf(before["members"]).every((member) =>
        listOf(after["members"]).some((other) => pairWidens(member, other)),
      );
    default:
      return limitsWiden(before, after);
  }
}

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

function membersWiden(before: readonly NumberedField[], after: readonly NumberedField[]): boolean {
  const isKept = before.every((member) => {
    const now = after.find((candidate) => candidate.name === member.name);
    const staysAbsent = now !== undefined && (isOptional(now) || !isOptional(member));
    return now !== undefined && staysAbsent && isWidening(member.kind, now.kind);
  });
  const added = after.filter((member) => before.every((candidate) => candidate.name !== member.name));
  return isKept && added.every(isOptional);
}

function isOptional(member: NumberedField): boolean {
  return member.optional === true || member.default !== undefined;
}

function tupleWidens(before: NumberedKind, after: NumberedKind): boolean {
  const [old, now] = [listOf(before["items"]), listOf(after["items"])];
  if (old.length !== now.length || !old.every((item, index) => pairWidens(item, now[index]))) return false;
  return before["rest"] === undefined || pairWidens(before["rest"], after["rest"]);
}

function inner(before: NumberedKind, after: NumberedKind): boolean {
  return pairWidens(before["inner"], after["inner"]);
}

function pairWidens(before: unknown, after: unknown): boolean {
  return isKind(before) && isKind(after) && isWidening(before, after);
}

/** Limits are numbers, or bigints under their mark. */
function limitOf(limit: unknown, absent: number): number | bigint {
  if (typeof limit === "number") return limit;
  if (typeof limit !== "object" || limit === null || !("$bigint" in limit)) return absent;
  return BigInt(String(limit.$bigint));
}

/** Values of an enum stand beside their code. */
function valueIn(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "value" in entry ? entry.value : entry;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isKind(value: unknown): value is NumberedKind {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isField(value: unknown): value is NumberedField {
  return (
    typeof value === "object" && value !== null && "name" in value && "kind" in value && isKind(value.kind)
  );
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
