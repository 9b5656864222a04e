import type { CheckWire } from "../types/check-wire.js";
import type { FieldShape, Kind, Shape } from "../types/shape.js";

/**
 * The check of stored fields, with paths that may be shown and logged: of the names that people know. The keys of a
 * record, and members that no shape declares, are what users have written, so `*` stands in their place, as in
 * `carts[*].quantity`.
 */
export function withShownPaths(checkWire: CheckWire, shape: Shape): CheckWire {
  return showPaths(
    checkWire,
    (kind, stored) => memberOf(kind, stored, (name, field) => field.stored ?? name),
    shape,
  );
}

/** The same for a check of what the app holds. */
export function withShownAppPaths(check: CheckWire, shape: Shape): CheckWire {
  return showPaths(check, (kind, own) => memberOf(kind, own, (name) => name), shape);
}

/** What a check calls `name`, as people know it. */
type FindMember = (shape: Shape, name: string) => readonly [shown: string, kind: Kind] | undefined;

function memberOf(
  shape: Shape,
  wanted: string,
  nameIn: (name: string, field: FieldShape) => string,
): readonly [shown: string, kind: Kind] | undefined {
  const found = Object.entries(shape).find(([name, field]) => nameIn(name, field) === wanted);
  return found && [found[0], found[1].kind];
}

function showPaths(check: CheckWire, find: FindMember, shape: Shape): CheckWire {
  return (fields) => {
    const problems = check(fields);
    if (problems.length === 0) return problems;
    return problems.map((problem) => {
      const steps = problem.path.slice(problem.field.length).match(step) ?? [];
      const [shown, kind] = find(shape, problem.field) ?? [problem.field];
      return { ...problem, path: shown + shownSteps(kind === undefined ? [] : [kind], steps, find) };
    });
  };
}

/** `.name`, `[0]` or `["any name"]`. */
const step = /\.[^.[]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]/g;

/** `kinds` are those that the value at hand may be of. */
function shownSteps(kinds: readonly Kind[], [first, ...others]: readonly string[], find: FindMember): string {
  if (first === undefined) return "";
  const name = nameOf(first);
  const declared = kinds.flatMap((kind) => declaredAt(kind, name, find));
  const inner = [...declared.map(([, kind]) => kind), ...kinds.flatMap(valuesOf)];
  const [shown] = declared[0] ?? [];
  const text = shown === undefined ? "[*]" : shown === name ? first : stepTo(shown);
  return text + shownSteps(inner, others, find);
}

function stepTo(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function nameOf(text: string): string {
  return text.startsWith(".") ? text.slice(1) : String(JSON.parse(text.slice(1, -1)));
}

/** The kind of a member or element that the schema declares; more than one in a union. */
function declaredAt(
  kind: Kind,
  name: string,
  find: FindMember,
): readonly (readonly [shown: string, kind: Kind])[] {
  if (typeof kind === "string" || "record" in kind) return [];
  if ("nullable" in kind) return declaredAt(kind.nullable, name, find);
  if ("union" in kind) return kind.union.flatMap((form) => declaredAt(form, name, find));
  if ("object" in kind) {
    const member = find(kind.object, name);
    return member === undefined ? [] : [member];
  }
  if (!/^\d+$/.test(name)) return [];
  if ("array" in kind) return [[name, kind.array]];
  const element = kind.tuple[Number(name)] ?? kind.rest;
  return element === undefined ? [] : [[name, element]];
}

/** The kind of a record's values. */
function valuesOf(kind: Kind): readonly Kind[] {
  if (typeof kind === "string") return [];
  if ("record" in kind) return [kind.record];
  if ("nullable" in kind) return valuesOf(kind.nullable);
  return "union" in kind ? kind.union.flatMap(valuesOf) : [];
}
