import { isField, isKind, isList, listOf } from "./kind-parts.js";
import {
  type ModelFile,
  type ModelVersion,
  type NumberedField,
  type NumberedKind,
  newestFirst,
  storedName,
} from "./model-file.js";

/** Every number that a model file's versions have given, by scope and name. */
export interface KnownNumbers {
  /** Those of a scope: of an object, by what its members are stored under; of an enum, by the values as JSON. */
  of(scope: string): ReadonlyMap<string, number>;
  /** Every number that was ever given in a scope, also where what had it has another one now. */
  given(scope: string): ReadonlySet<number>;
  /** What the members of an object are stored under, by their names. */
  storedNames(scope: string): ReadonlyMap<string, string>;
  /** Whether something was ever stored under a name, also where it has lost its number to another branch's. */
  isTaken(scope: string, stored: string): boolean;
}

/** Numbers that more are given of. */
export interface Numbers extends KnownNumbers {
  /** The number of what is stored under a name, which is new when that has none yet. */
  take(scope: string, stored: string): number;
  /** A number that nothing ever had. */
  takeNew(scope: string): number;
  /** Lets what is stored under a name have a number that was taken for it. */
  give(scope: string, stored: string, number: number): void;
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
  return learnNumbers(newestFirst(file), file);
}

/** What stays given away when versions are dropped. */
export type Reservations = Pick<ModelFile, "reserved" | "stored">;

/** Every number and name that a file has given, by scope, as it is kept when versions are dropped. */
export function reservationsOf(file: ModelFile): Reservations {
  const given = [...learnScopes(newestFirst(file), file)]
    .filter(([, scope]) => scope.given.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    reserved: Object.fromEntries(
      given.map(([name, scope]) => [name, [...scope.given].sort((left, right) => left - right)]),
    ),
    stored: Object.fromEntries(
      given.map(([name, { byName }]) => [
        name,
        Object.fromEntries([...byName].sort(([, left], [, right]) => left - right)),
      ]),
    ),
  };
}

/** The numbers of versions, of which an earlier one in the list is believed: a number keeps its name, and a name its number. */
export function learnNumbers(versions: readonly ModelVersion[], dropped?: Reservations): Numbers {
  const scopeOf = scopesIn(learnScopes(versions, dropped));
  const takeNew = (scope: string): number => {
    const { given } = scopeOf(scope);
    const number = Math.max(0, ...given) + 1;
    given.add(number);
    return number;
  };
  const give = (scope: string, stored: string, number: number): void => {
    const { byName, taken } = scopeOf(scope);
    byName.set(stored, number);
    taken.add(stored);
  };
  return {
    of: (scope) => scopeOf(scope).byName,
    given: (scope) => scopeOf(scope).given,
    storedNames: (scope) => scopeOf(scope).storedNames,
    isTaken: (scope, stored) => scopeOf(scope).taken.has(stored),
    takeNew,
    give,
    take(scope, stored) {
      const number = scopeOf(scope).byName.get(stored) ?? takeNew(scope);
      give(scope, stored, number);
      return number;
    },
  };
}

interface Scope {
  readonly byName: Map<string, number>;
  readonly given: Set<number>;
  readonly storedNames: Map<string, string>;
  readonly taken: Set<string>;
}

function emptyScope(): Scope {
  return { byName: new Map(), given: new Set(), storedNames: new Map(), taken: new Set() };
}

type ScopeOf = (name: string) => Scope;

function learnScopes(
  versions: readonly ModelVersion[],
  { reserved = {}, stored = {} }: Reservations = {},
): Map<string, Scope> {
  const scopesByName = new Map<string, Scope>();
  const scopeOf = scopesIn(scopesByName);
  for (const { fields } of versions) learnMembers(fields, "", scopeOf);
  for (const [name, numbers] of Object.entries(stored)) {
    for (const [thing, number] of Object.entries(numbers)) learn(scopeOf(name), thing, number);
  }
  for (const [name, numbers] of Object.entries(reserved)) {
    for (const number of numbers) scopeOf(name).given.add(number);
  }
  return scopesByName;
}

/** Scopes by name; one that was never asked for is empty. */
function scopesIn(scopesByName: Map<string, Scope>): ScopeOf {
  return (name) => {
    const scope = scopesByName.get(name) ?? emptyScope();
    scopesByName.set(name, scope);
    return scope;
  };
}

function learn({ byName, given, taken }: Scope, name: string, number: number): void {
  // Two branches may have given one number to two names.
  if (!given.has(number) && !byName.has(name)) byName.set(name, number);
  given.add(number);
  taken.add(name);
}

function learnMembers(members: readonly NumberedField[], scope: string, scopeOf: ScopeOf): void {
  for (const member of members) {
    const known = scopeOf(scope);
    learn(known, storedName(member), member.number);
    if (!known.storedNames.has(member.name)) known.storedNames.set(member.name, storedName(member));
    learnKind(member.kind, scopes.member(scope, member.number), scopeOf);
  }
}

function learnKind(kind: NumberedKind, path: string, scopeOf: ScopeOf): void {
  const { items, rest, members, values, inner } = kind;
  if (kind.type === "literal")
    for (const { code, value } of codesOf(values)) learn(scopeOf(scopes.values(path)), value, code);
  if (kind.type === "object" && isList(members, isField)) learnMembers(members, path, scopeOf);
  if (kind.type === "array" && isKind(items)) learnKind(items, scopes.items(path), scopeOf);
  if (kind.type === "record" && isKind(values)) learnKind(values, scopes.entries(path), scopeOf);
  if (kind.type === "nullable" && isKind(inner)) learnKind(inner, path, scopeOf);
  if (kind.type === "tuple" && isKind(rest)) learnKind(rest, scopes.items(path), scopeOf);
  if (kind.type === "tuple" && isList(items, isKind)) {
    for (const [index, item] of items.entries()) learnKind(item, scopes.item(path, index), scopeOf);
  }
  if (kind.type === "union" && isList(members, isKind)) {
    for (const [index, member] of members.entries()) learnKind(member, `${path}|${index}`, scopeOf);
  }
}

function codesOf(values: unknown): readonly { readonly code: number; readonly value: string }[] {
  return listOf(values).flatMap((entry) => {
    if (typeof entry !== "object") return [{ code: 1, value: JSON.stringify(entry) }];
    if (entry === null || !("code" in entry) || !("value" in entry)) return [];
    return typeof entry.code === "number" ? [{ code: entry.code, value: JSON.stringify(entry.value) }] : [];
  });
}
