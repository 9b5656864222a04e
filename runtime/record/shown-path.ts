import type { CheckWire } from "./check-wire.js";
import type { Kind, Shape } from "./shape.js";

/**
 * The check, with paths that may be shown and logged: the keys of a record, and members that no shape declares,
 * are what users have written, so `*` stands in their place, as in `carts[*].quantity`.
 */
export function withShownPaths(checkWire: CheckWire, shape: Shape): CheckWire {
  return (fields) => {
    const problems = checkWire(fields);
    if (problems.length === 0) return problems;
    return problems.map((problem) => {
      const steps = problem.path.slice(problem.field.length).match(step) ?? [];
      const kind = Object.hasOwn(shape, problem.field) ? shape[problem.field]?.kind : undefined;
      return { ...problem, path: problem.field + shownSteps(kind === undefined ? [] : [kind], steps) };
    });
  };
}

/** `.name`, `[0]` or `["any name"]`. */
const step = /\.[^.[]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]/g;

/** `kinds` are those that the value at hand may be of. */
function shownSteps(kinds: readonly Kind[], [first, ...others]: readonly string[]): string {
  if (first === undefined) return "";
  const name = nameOf(first);
  const declared = kinds.flatMap((kind) => declaredAt(kind, name));
  const inner = [...declared, ...kinds.flatMap(valuesOf)];
  return (declared.length > 0 ? first : "[*]") + shownSteps(inner, others);
}

function nameOf(text: string): string {
  return text.startsWith(".") ? text.slice(1) : String(JSON.parse(text.slice(1, -1)));
}

/** The kind of a member or element that the schema declares; more than one in a union. */
function declaredAt(kind: Kind, name: string): readonly Kind[] {
  if (typeof kind === "string" || "record" in kind) return [];
  if ("nullable" in kind) return declaredAt(kind.nullable, name);
  if ("union" in kind) return kind.union.flatMap((form) => declaredAt(form, name));
  if ("object" in kind) {
    const member = Object.hasOwn(kind.object, name) ? kind.object[name] : undefined;
    return member === undefined ? [] : [member.kind];
  }
  if (!/^\d+$/.test(name)) return [];
  if ("array" in kind) return [kind.array];
  const element = kind.tuple[Number(name)] ?? kind.rest;
  return element === undefined ? [] : [element];
}

/** The kind of a record's values. */
function valuesOf(kind: Kind): readonly Kind[] {
  if (typeof kind === "string") return [];
  if ("record" in kind) return [kind.record];
  if ("nullable" in kind) return valuesOf(kind.nullable);
  return "union" in kind ? kind.union.flatMap(valuesOf) : [];
}
