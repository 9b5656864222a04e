import type { KindModel, LiteralKind } from "./model.js";

/** `kind` or null; a nullable kind stays as it is. */
export function nullableOf(kind: KindModel): KindModel {
  return kind.type === "nullable" || kind.type === "null" ? kind : { type: "nullable", inner: kind };
}

/** One of these values, each named once; with null among them it is nullable. */
export function literalOf(values: readonly (string | number | boolean | null)[]): KindModel {
  const present = [...new Set(values)].filter((value) => value !== null);
  if (present.length === 0) return { type: "null" };
  const literal: LiteralKind = { type: "literal", values: present };
  return values.includes(null) ? nullableOf(literal) : literal;
}

/**
 * One of these kinds, in one form whatever the nesting: unions in unions are flattened, null becomes nullable,
 * literals become one literal at the place of the first, and what is said twice is said once.
 */
export function unionOf(kinds: readonly KindModel[]): KindModel {
  const flat = kinds.flatMap(flatten);
  const isNullable = flat.some(({ type }) => type === "null");
  const values = flat.flatMap((kind) => (kind.type === "literal" ? kind.values : []));
  const members: KindModel[] = [];
  const seen = new Set<string>();
  for (const kind of flat) {
    if (kind.type === "null") continue;
    const key = kind.type === "literal" ? "literal" : fingerprint(kind);
    if (!seen.has(key)) members.push(kind.type === "literal" ? literalOf(values) : kind);
    seen.add(key);
  }
  const [only] = members;
  if (only === undefined) return { type: "null" };
  const union: KindModel = members.length === 1 ? only : { type: "union", members };
  return isNullable ? nullableOf(union) : union;
}

function flatten(kind: KindModel): readonly KindModel[] {
  if (kind.type === "union") return kind.members.flatMap(flatten);
  if (kind.type === "nullable") return [...flatten(kind.inner), { type: "null" }];
  return [kind];
}

function fingerprint(kind: KindModel): string {
  return JSON.stringify(kind, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
