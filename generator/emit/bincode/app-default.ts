import type { DefaultValue, KindModel, ObjectKind } from "../../model/model.js";
import { formBelowUnion } from "../check-schema.js";
import { code, members, type Printable, printable } from "../literal.js";

/** A default, which the model has in wire form, as the app holds it: with dates, and the defaults of members filled in. */
export function appDefault(kind: KindModel, value: DefaultValue): Printable {
  switch (kind.type) {
    case "date":
      return dateCode(value);
    case "nullable":
      return value === null ? null : appDefault(kind.inner, value);
    case "array":
      return listOf(value).map((item) => appDefault(kind.items, item));
    case "tuple":
      return listOf(value).map((item, index) => {
        const itemKind = kind.items[index] ?? kind.rest;
        return itemKind === undefined ? printable(item) : appDefault(itemKind, item);
      });
    case "record":
      return members(
        Object.entries(membersOf(value)).map(([name, member]) => [name, appDefault(kind.values, member)]),
      );
    case "object":
      return objectDefault(kind, membersOf(value));
    case "union":
      return formBelowUnion(kind, "wire") === "tagged" ? untagged(value) : printable(value);
    default:
      return printable(value);
  }
}

function objectDefault(kind: ObjectKind, given: Readonly<Record<string, DefaultValue>>): Printable {
  return members(
    kind.members.flatMap((member) => {
      const value = Object.hasOwn(given, member.name) ? given[member.name] : member.default;
      return value === undefined ? [] : [[member.name, appDefault(member.kind, value)] as const];
    }),
  );
}

/** Below a union a date is marked, and so is a member's name that could be the mark; see `runtime/record/tagged.ts`. */
function untagged(value: DefaultValue): Printable {
  if (Array.isArray(value)) return value.map((item: DefaultValue) => untagged(item));
  if (!isMembers(value)) return printable(value);
  const entries = Object.entries(value);
  const [only] = entries.length === 1 ? entries : [];
  if (only?.[0] === "$date" && typeof only[1] === "number") return dateCode(only[1]);
  return members(
    entries.map(([name, member]) => [only && name.startsWith("$$") ? name.slice(1) : name, untagged(member)]),
  );
}

function dateCode(milliseconds: DefaultValue): Printable {
  return code(`new Date(${Number(milliseconds)})`);
}

function listOf(value: DefaultValue): readonly DefaultValue[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: DefaultValue): Readonly<Record<string, DefaultValue>> {
  return isMembers(value) ? value : {};
}

function isMembers(value: DefaultValue): value is { readonly [member: string]: DefaultValue } {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
