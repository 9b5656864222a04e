import { isField, isKind, isList, listOf } from "./kind-parts.js";
import {
  type ModelFile,
  type ModelVersion,
  type NumberedField,
  type NumberedKind,
  newestFirst,
} from "./model-file.js";

/** Every number that a model file's versions have given, by scope and name. */
export interface KnownNumbers {
  /** Those of a scope: of an object, by the names of its members; of an enum, by the values as JSON. */
  of(scope: string): ReadonlyMap<string, number>;
  /** Every number that was ever given in a scope, also where the name has another one now. */
  given(scope: string): ReadonlySet<number>;
}

/** Numbers that more are given of. */
export interface Numbers extends KnownNumbers {
  /** The number of a name, which is new when the name has none yet. */
  take(scope: string, name: string): number;
  /** A number that nothing ever had. */
  takeNew(scope: string): number;
}

/** The scope of what is inside a kind: numbers of members and codes of values are looked up under it. */
export const scopes = {
  member: (scope: string, number: number): string => `${scope}.${number}`,
  values: (path: string): string => `${path}=`,
  items: (path: string): string => `${path}[]`,
  item: (path: string, index: number): string => `${path}[${index}]`,
  entries: (path: string): string => `${path}{}`,
} as const;

/** The numbers of a file. */
export function knownNumbers(file: ModelFile): KnownNumbers {
  return learnNumbers(newestFirst(file));
}

/** The numbers of versions, of which an earlier one in the list is believed: a number keeps its name, and a name its number. */
export function learnNumbers(versions: readonly ModelVersion[]): Numbers {
  const scopesByName = new Map<string, Scope>();
  const scopeOf = (name: string): Scope => {
    const scope = scopesByName.get(name) ?? { byName: new Map(), given: new Set() };
    scopesByName.set(name, scope);
    return scope;
  };
  const takeNew = (scope: string): number => {
    const { given } = scopeOf(scope);
    const number = Math.max(0, ...given) + 1;
    given.add(number);
    return number;
  };
  const learn: Learn = (scope, name, number) => {
    const { byName, given } = scopeOf(scope);
    // Two branches may have given one number to two names.
    if (!given.has(number) && !byName.has(name)) byName.set(name, number);
    given.add(number);
  };
  for (const { fields } of versions) learnMembers(fields, "", learn);
  return {
    of: (scope) => scopeOf(scope).byName,
    given: (scope) => scopeOf(scope).given,
    takeNew,
    take(scope, name) {
      const { byName } = scopeOf(scope);
      const number = byName.get(name) ?? takeNew(scope);
      byName.set(name, number);
      return number;
    },
  };
}

interface Scope {
  readonly byName: Map<string, number>;
  readonly given: Set<number>;
}

type Learn = (scope: string, name: string, number: number) => void;

function learnMembers(members: readonly NumberedField[], scope: string, learn: Learn): void {
  for (const member of members) {
    learn(scope, member.name, member.number);
    learnKind(member.kind, scopes.member(scope, member.number), learn);
  }
}

function learnKind(kind: NumberedKind, path: string, learn: Learn): void {
  const { items, rest, members, values, inner } = kind;
  if (kind.type === "literal")
    for (const { code, value } of codesOf(values)) learn(scopes.values(path), value, code);
  if (kind.type === "object" && isList(members, isField)) learnMembers(members, path, learn);
  if (kind.type === "array" && isKind(items)) learnKind(items, scopes.items(path), learn);
  if (kind.type === "record" && isKind(values)) learnKind(values, scopes.entries(path), learn);
  if (kind.type === "nullable" && isKind(inner)) learnKind(inner, path, learn);
  if (kind.type === "tuple" && isKind(rest)) learnKind(rest, scopes.items(path), learn);
  if (kind.type === "tuple" && isList(items, isKind)) {
    for (const [index, item] of items.entries()) learnKind(item, scopes.item(path, index), learn);
  }
  if (kind.type === "union" && isList(members, isKind)) {
    for (const [index, member] of members.entries()) learnKind(member, `${path}|${index}`, learn);
  }
}

function codesOf(values: unknown): readonly { readonly code: number; readonly value: string }[] {
  return listOf(values).flatMap((entry) => {
    if (typeof entry !== "object") return [{ code: 1, value: JSON.stringify(entry) }];
    if (entry === null || !("code" in entry) || !("value" in entry)) return [];
    return typeof entry.code === "number" ? [{ code: entry.code, value: JSON.stringify(entry.value) }] : [];
  });
}
