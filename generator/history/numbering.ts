import type { FieldModel, KindModel, MemberModel } from "../model/model.js";
import type { ModelFile, NumberedField, NumberedKind } from "./model-file.js";

/**
 * The fields of a model with their numbers: those of the file's versions where a field of the same name was there,
 * new ones otherwise. No number or enum code is ever given twice.
 */
export function numberFields(
  fields: readonly FieldModel[],
  file: ModelFile | undefined,
): readonly NumberedField[] {
  const numbers = createNumbers();
  for (const version of file?.versions ?? []) learnMembers(version.fields, "", numbers);
  return numberMembers(fields, "", numbers);
}

/** Every number that a model file's versions have given, by scope and name. */
export interface KnownNumbers {
  /** Those of a scope: of an object, by the names of its members; of an enum, by the values as JSON. */
  of(scope: string): ReadonlyMap<string, number>;
}

/** The numbers of a file. */
export function knownNumbers(file: ModelFile): KnownNumbers {
  const numbers = createNumbers();
  for (const version of file.versions) learnMembers(version.fields, "", numbers);
  return numbers;
}

/** The scope of what is inside a kind: numbers of members and codes of values are looked up under it. */
export const scopes = {
  member: (scope: string, number: number): string => `${scope}.${number}`,
  values: (path: string): string => `${path}=`,
  items: (path: string): string => `${path}[]`,
  item: (path: string, index: number): string => `${path}[${index}]`,
  entries: (path: string): string => `${path}{}`,
} as const;

/** Numbers by scope (an object or an enum) and name. */
interface Numbers extends KnownNumbers {
  learn(scope: string, name: string, number: number): void;
  take(scope: string, name: string): number;
}

function createNumbers(): Numbers {
  const byScope = new Map<string, Map<string, number>>();
  const scopeOf = (scope: string): Map<string, number> => {
    const known = byScope.get(scope) ?? new Map<string, number>();
    byScope.set(scope, known);
    return known;
  };
  return {
    of: scopeOf,
    learn: (scope, name, number) => void scopeOf(scope).set(name, number),
    take(scope, name) {
      const known = scopeOf(scope);
      const number = known.get(name) ?? Math.max(0, ...known.values()) + 1;
      known.set(name, number);
      return number;
    },
  };
}

function numberMembers(
  members: readonly (FieldModel | MemberModel)[],
  scope: string,
  numbers: Numbers,
): readonly NumberedField[] {
  const numbered = members.map((member): NumberedField => {
    const number = numbers.take(scope, member.name);
    return {
      number,
      name: member.name,
      kind: numberKind(member.kind, scopes.member(scope, number), numbers),
      ...("optional" in member && member.optional === true && { optional: true }),
      ...(member.default !== undefined && { default: toJson(member.default) }),
    };
  });
  return numbered.sort((left, right) => left.number - right.number);
}

function numberKind(kind: KindModel, path: string, numbers: Numbers): NumberedKind {
  switch (kind.type) {
    case "literal": {
      const codes = kind.values.map((value) => ({
        code: numbers.take(scopes.values(path), JSON.stringify(value)),
        value,
      }));
      // Only one, with the first code, has always been written as it is.
      if (codes.length === 1 && codes[0]?.code === 1) return { type: kind.type, values: kind.values };
      return { type: kind.type, values: codes.sort((left, right) => left.code - right.code) };
    }
    case "array":
      return { ...sorted(kind), items: numberKind(kind.items, scopes.items(path), numbers) };
    case "tuple":
      return {
        type: kind.type,
        items: kind.items.map((item, index) => numberKind(item, scopes.item(path, index), numbers)),
        ...(kind.rest !== undefined && { rest: numberKind(kind.rest, scopes.items(path), numbers) }),
      };
    case "object":
      return { ...sorted(kind), members: numberMembers(kind.members, path, numbers) };
    case "record":
      return {
        type: kind.type,
        keys: sorted(kind.keys),
        values: numberKind(kind.values, scopes.entries(path), numbers),
      };
    case "union":
      return {
        type: kind.type,
        members: kind.members.map((member, index) => numberKind(member, `${path}|${index}`, numbers)),
      };
    case "nullable":
      return { type: kind.type, inner: numberKind(kind.inner, path, numbers) };
    default:
      return sorted(kind);
  }
}

function learnMembers(members: readonly NumberedField[], scope: string, numbers: Numbers): void {
  for (const member of members) {
    numbers.learn(scope, member.name, member.number);
    learnKind(member.kind, scopes.member(scope, member.number), numbers);
  }
}

function learnKind(kind: NumberedKind, path: string, numbers: Numbers): void {
  const { items, rest, members, values, inner } = kind;
  if (kind.type === "literal")
    for (const { code, value } of codesOf(values)) numbers.learn(scopes.values(path), value, code);
  if (kind.type === "object" && isList(members, isField)) learnMembers(members, path, numbers);
  if (kind.type === "array" && isKind(items)) learnKind(items, scopes.items(path), numbers);
  if (kind.type === "record" && isKind(values)) learnKind(values, scopes.entries(path), numbers);
  if (kind.type === "nullable" && isKind(inner)) learnKind(inner, path, numbers);
  if (kind.type === "tuple" && isKind(rest)) learnKind(rest, scopes.items(path), numbers);
  if (kind.type === "tuple" && isList(items, isKind)) {
    for (const [index, item] of items.entries()) learnKind(item, scopes.item(path, index), numbers);
  }
  if (kind.type === "union" && isList(members, isKind)) {
    for (const [index, member] of members.entries()) learnKind(member, `${path}|${index}`, numbers);
  }
}

function codesOf(values: unknown): readonly { readonly code: number; readonly value: string }[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((entry: unknown) => {
    if (typeof entry !== "object") return [{ code: 1, value: JSON.stringify(entry) }];
    if (entry === null || !("code" in entry) || !("value" in entry)) return [];
    return typeof entry.code === "number" ? [{ code: entry.code, value: JSON.stringify(entry.value) }] : [];
  });
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isKind(value: unknown): value is NumberedKind {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isField(value: unknown): value is NumberedField {
  return (
    typeof value === "object" && value !== null && "number" in value && "kind" in value && isKind(value.kind)
  );
}

/** The rules of a kind without what is for people only, in an order that does not depend on who made it. */
function sorted(kind: KindModel): NumberedKind {
  const rules = Object.entries(kind).filter(([name]) => name !== "type" && name !== "format");
  const entries = rules.map(([name, rule]): [string, unknown] => [name, toJson(rule)]);
  return {
    type: kind.type,
    ...Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

/** Wire values as JSON: bigint and bytes are marked. */
function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Object.is(value, -0)) return { $number: "-0" };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}
