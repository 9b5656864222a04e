import type { KindModel } from "../model/model.js";
import type { CheckSchema } from "./check-schema.js";

/** What one field of a table is checked by. */
export interface FieldCheck {
  readonly field: string;
  readonly kind: KindModel["type"];
  readonly form: "app" | "wire";
  readonly schema: CheckSchema;
}

/**
 * The name of the function of each schema, by its text: after the field that it is for, or after the kind where it is for
 * several. What is for the stored form only says so.
 */
export function checkNames(checks: readonly FieldCheck[]): ReadonlyMap<string, string> {
  const bySchema = new Map<string, FieldCheck[]>();
  for (const check of checks) {
    const key = JSON.stringify(check.schema);
    const alike = bySchema.get(key);
    if (alike === undefined) bySchema.set(key, [check]);
    else alike.push(check);
  }
  const hasApp = checks.some(({ form }) => form === "app");
  const names = new Map<string, string>();
  const taken = new Set(["checkFields", "checkWire"]);
  for (const [key, alike] of bySchema) {
    const stored = hasApp && alike.every(({ form }) => form === "wire") ? "Stored" : "";
    const name = free(`check${stored}${subject(alike)}`, taken);
    taken.add(name);
    names.set(key, name);
  }
  return names;
}

function subject(alike: readonly FieldCheck[]): string {
  const [first] = alike;
  if (first === undefined) return "";
  const isOfOne = alike.every(({ field }) => field === first.field);
  if (isOfOne && /^[A-Za-z0-9 _-]*[A-Za-z][A-Za-z0-9 _-]*$/.test(first.field)) {
    return first.field
      .split(/[^A-Za-z0-9]+/)
      .map(capitalized)
      .join("");
  }
  return capitalized(first.kind);
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function free(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}${count}`)) count += 1;
  return `${name}${count}`;
}
