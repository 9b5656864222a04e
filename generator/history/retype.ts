import { innerOf, isField, isKind, listOf } from "./kind-parts.js";
import { type NumberedKind, storedName } from "./model-file.js";

/**
 * Whether a value of the second kind is another thing than one of the first, so that it needs a place of its own in
 * the store: another type, also inside. An integer that becomes a number is none, and neither are limits, null, the
 * values of an enum, members that come or go.
 */
export function isRetype(before: NumberedKind, after: NumberedKind): boolean {
  const [old, now] = [innerOf(before), innerOf(after)];
  if (old.type === "integer" && now.type === "number") return false;
  if (old.type !== now.type) return true;
  switch (old.type) {
    case "array":
      return areRetyped([old["items"]], [now["items"]]);
    case "record":
      return areRetyped([old["values"]], [now["values"]]);
    case "tuple":
      return isTupleRetyped(old, now);
    case "object":
      return listOf(old["members"])
        .filter(isField)
        .some((member) => {
          const same = listOf(now["members"])
            .filter(isField)
            .find((other) => storedName(other) === storedName(member));
          return same !== undefined && isRetype(member.kind, same.kind);
        });
    default:
      return false;
  }
}

function isTupleRetyped(before: NumberedKind, after: NumberedKind): boolean {
  const [old, now] = [listOf(before["items"]), listOf(after["items"])];
  if (old.length !== now.length || areRetyped(old, now)) return true;
  const [oldRest, nowRest] = [before["rest"], after["rest"]];
  return oldRest !== undefined && nowRest !== undefined && areRetyped([oldRest], [nowRest]);
}

function areRetyped(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.some((old, index) => {
    const now = after[index];
    return isKind(old) && isKind(now) && isRetype(old, now);
  });
}
