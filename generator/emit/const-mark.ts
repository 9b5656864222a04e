import type { KindModel, MemberModel } from "../model/model.js";

/**
 * What stands after the literal of a shape: `as const` where a member has a name that every object inherits, such as
 * `toString`. TypeScript would take that for the method, and `"string"` below it for any text.
 */
export function constMark(fields: readonly MemberModel[]): string {
  return isMisread(fields) ? " as const" : "";
}

function isMisread(members: readonly MemberModel[]): boolean {
  return members.some(({ name, kind }) => name in Object.prototype || isMisreadKind(kind));
}

function isMisreadKind(kind: KindModel): boolean {
  return kind.type === "object" ? isMisread(kind.members) : kindsIn(kind).some(isMisreadKind);
}

function kindsIn(kind: KindModel): readonly KindModel[] {
  switch (kind.type) {
    case "array":
      return [kind.items];
    case "tuple":
      return kind.rest === undefined ? kind.items : [...kind.items, kind.rest];
    case "record":
      return [kind.values];
    case "union":
      return kind.members;
    case "nullable":
      return [kind.inner];
    default:
      return [];
  }
}
