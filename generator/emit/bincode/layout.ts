import type { KindModel, LiteralKind, MemberModel } from "../../model/model.js";

/**
 * Fields, or members of an object, in the order in which they are written: by name, by UTF-16 code units. The shape's
 * hash, which each record carries, says nothing of numbers and codes; so the layout does not depend on them either.
 */
export function inLayoutOrder<T extends { readonly name: string }>(members: readonly T[]): readonly T[] {
  return [...members].sort((left, right) => compareTexts(left.name, right.name));
}

/** The values of an enum by the index of their variant: by their JSON text, by UTF-16 code units. */
export function variantsOf(kind: LiteralKind): readonly (string | number | boolean)[] {
  return [...kind.values].sort((left, right) => compareTexts(JSON.stringify(left), JSON.stringify(right)));
}

/** Whether a member of an object may be absent from the store, so that it is an `Option`. */
export function isOption(member: MemberModel): boolean {
  return member.optional === true || member.default !== undefined;
}

/** The least number of bytes that a value of this kind takes. */
export function leastBytes(kind: KindModel): number {
  switch (kind.type) {
    case "null":
      return 0;
    case "number":
      return 8;
    case "object":
      return sum(kind.members.map((member) => (isOption(member) ? 1 : leastBytes(member.kind))));
    case "tuple":
      return sum(kind.items.map(leastBytes)) + (kind.rest === undefined ? 0 : 1);
    default:
      return 1;
  }
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
