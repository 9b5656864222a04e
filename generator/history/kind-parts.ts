import type { NumberedField, NumberedKind } from "./model-file.js";

/** Whether it is the kind of a value, as a model file has it. */
export function isKind(value: unknown): value is NumberedKind {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Whether it is a field or member, as a model file has it. */
export function isField(value: unknown): value is NumberedField {
  return (
    typeof value === "object" && value !== null && "name" in value && "kind" in value && isKind(value.kind)
  );
}

/** Whether it is a list of nothing but these. */
export function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

/** The elements of a list; none of what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value of an enum, which may stand beside its code. */
export function valueIn(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "value" in entry ? entry.value : entry;
}

/** A kind without null. */
export function innerOf(kind: NumberedKind): NumberedKind {
  const inner = kind["inner"];
  return kind.type === "nullable" && isKind(inner) ? inner : kind;
}
