import type { DefaultValue, KindModel, MemberModel } from "../../model/model.js";
import { holdsTagged } from "../check-schema.js";
import { code, members, type Printable, printable } from "../literal.js";

/** A default, which the model has in wire form, as the app holds it: with dates, and nested defaults filled in. */
export function appLiteral(kind: KindModel, value: DefaultValue): Printable {
  if (value === null) return null;
  switch (kind.type) {
    case "nullable":
      return appLiteral(kind.inner, value);
    case "date":
      return code(`new Date(${String(value)})`);
    case "array":
      return itemsOf(value).map((item) => appLiteral(kind.items, item));
    case "tuple":
      return itemsOf(value).map((item, index) =>
        appLiteral(kind.items[index] ?? kind.rest ?? { type: "null" }, item),
      );
    case "object":
      return objectLiteral(kind.members, membersOf(value));
    case "record":
      return members(
        Object.entries(membersOf(value)).map(([name, member]) => [name, appLiteral(kind.values, member)]),
      );
    case "union":
      return holdsTagged(kind) ? untagged(value) : printable(value);
    default:
      return printable(value);
  }
}

function objectLiteral(
  kinds: readonly MemberModel[],
  value: Readonly<Record<string, DefaultValue>>,
): Printable {
  return members(
    kinds.map((member) => {
      const stored = Object.hasOwn(value, member.name) ? value[member.name] : member.default;
      return [member.name, stored === undefined ? undefined : appLiteral(member.kind, stored)];
    }),
  );
}

/** Below a union, values say what they are, as `runtime/record/tagged.ts` has it. */
function untagged(value: DefaultValue): Printable {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return printable(value);
  const entries = Object.entries(membersOf(value));
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, member] = only;
    if (name === "$date" && typeof member === "number") return code(`new Date(${member})`);
    if (name.startsWith("$$")) return members([[name.slice(1), untagged(member)]]);
  }
  return members(entries.map(([name, member]) => [name, untagged(member)]));
}

function itemsOf(value: DefaultValue): readonly DefaultValue[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: DefaultValue): Readonly<Record<string, DefaultValue>> {
  return typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
    ? (value as Readonly<Record<string, DefaultValue>>)
    : {};
}
