import { innerOf, isKind, listOf, valueIn } from "../history/kind-parts.js";
import type { NumberedKind } from "../history/model-file.js";
import { isWidening } from "../history/widening.js";
import { compareLimits } from "./compare-limits.js";
import { compareMembers } from "./compare-members.js";
import { type KindChange, type KindPlace, kindChange } from "./kind-change.js";

/** What changed between two kinds and inside them. */
export function compareKinds(
  before: NumberedKind,
  after: NumberedKind,
  place: KindPlace,
): readonly KindChange[] {
  const [old, now] = [innerOf(before), innerOf(after)];
  return [
    ...compareNull(before, after, place),
    ...(old.type === now.type ? compareInner(old, now, place) : compareTypes(old, now, place)),
  ];
}

function compareNull(before: NumberedKind, after: NumberedKind, place: KindPlace): readonly KindChange[] {
  const [was, is] = [before.type === "nullable", after.type === "nullable"];
  if (was === is || before.type === "null" || after.type === "null") return [];
  return [
    is ? kindChange(place, "widened", "may be null") : kindChange(place, "narrowed", "may no longer be null"),
  ];
}

function compareTypes(old: NumberedKind, now: NumberedKind, place: KindPlace): readonly KindChange[] {
  if (old.type !== "integer" || now.type !== "number") {
    return [kindChange(place, "retyped", `changes from ${inWords(old)} to ${inWords(now)}`)];
  }
  const widened = kindChange(place, "widened", "may be any number, not only a whole one");
  return [widened, ...compareRules(old, now, place)];
}

function compareInner(old: NumberedKind, now: NumberedKind, place: KindPlace): readonly KindChange[] {
  switch (old.type) {
    case "literal":
      return compareValues(old, now, place);
    case "array":
      return [
        ...compareRules(old, now, place),
        ...comparePart(old["items"], now["items"], inside(place, "an element", "[]")),
      ];
    case "record":
      return [
        ...comparePart(old["keys"], now["keys"], { ...place, part: "a key" }),
        ...comparePart(old["values"], now["values"], inside(place, "a value", "{}")),
      ];
    case "tuple":
      return compareTuples(old, now, place);
    case "object":
      return compareMembers(old, now, place);
    case "union":
      return compareUnions(old, now, place);
    default:
      return compareRules(old, now, place);
  }
}

function compareRules(old: NumberedKind, now: NumberedKind, place: KindPlace): readonly KindChange[] {
  const { narrowed, widened } = compareLimits(old, now);
  return [
    ...(narrowed.length > 0 ? [kindChange(place, "narrowed", `allows less: ${narrowed.join(", ")}`)] : []),
    ...(widened.length > 0 ? [kindChange(place, "widened", `allows more: ${widened.join(", ")}`)] : []),
  ];
}

function compareValues(before: NumberedKind, after: NumberedKind, place: KindPlace): readonly KindChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const gone = old.filter((value) => !now.includes(value));
  const come = now.filter((value) => !old.includes(value));
  const listed = (values: readonly unknown[]): string =>
    values.map((value) => JSON.stringify(value)).join(", ");
  return [
    ...(gone.length > 0 ? [kindChange(place, "narrowed", `may no longer be ${listed(gone)}`)] : []),
    ...(come.length > 0 ? [kindChange(place, "widened", `may be ${listed(come)} too`)] : []),
  ];
}

function valuesOf(kind: NumberedKind): readonly unknown[] {
  return listOf(kind["values"]).map(valueIn);
}

function compareTuples(before: NumberedKind, after: NumberedKind, place: KindPlace): readonly KindChange[] {
  const [old, now] = [listOf(before["items"]), listOf(after["items"])];
  if (old.length !== now.length) {
    return [kindChange(place, "retyped", `has ${now.length} elements instead of ${old.length}`)];
  }
  const items = old.flatMap((item, index) =>
    comparePart(item, now[index], inside(place, `element ${index + 1}`, `[${index}]`)),
  );
  return [...items, ...compareRest(before["rest"], after["rest"], place)];
}

function compareRest(old: unknown, now: unknown, place: KindPlace): readonly KindChange[] {
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [kindChange(place, "widened", "may have more elements")];
  if (now === undefined) return [kindChange(place, "narrowed", "may no longer have more elements")];
  return comparePart(old, now, inside(place, "a further element", "[]"));
}

/** Alternatives are compared as a whole: which of them a value was is not written down. */
function compareUnions(old: NumberedKind, now: NumberedKind, place: KindPlace): readonly KindChange[] {
  if (!isWidening(old, now))
    return [kindChange(place, "narrowed", "no longer allows all of its alternatives")];
  return isWidening(now, old) ? [] : [kindChange(place, "widened", "allows more alternatives")];
}

function comparePart(old: unknown, now: unknown, place: KindPlace): readonly KindChange[] {
  return isKind(old) && isKind(now) ? compareKinds(old, now, place) : [];
}

function inside({ field, path, part }: KindPlace, name: string, step: string): KindPlace {
  return { field, path: `${path}${step}`, part: part === undefined ? name : `${name} of ${part}` };
}

function inWords({ type, ...kind }: NumberedKind): string {
  if (type !== "literal") return type;
  return listOf(kind["values"]).length === 1 ? "a literal" : "an enum";
}
