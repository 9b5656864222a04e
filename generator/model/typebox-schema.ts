import type { Place } from "./place.js";
import { isRecord } from "./zod-schema.js";

/** A TypeBox schema: JSON Schema keywords, with the kind and modifiers in hidden members. Neither version is imported. */
export type TypeBoxSchema = Readonly<Record<PropertyKey, unknown>>;

const kind034 = Symbol.for("TypeBox.Kind");
const optional034 = Symbol.for("TypeBox.Optional");
const transform034 = Symbol.for("TypeBox.Transform");

/** Whether a value is a schema of TypeBox, of either version. */
export function isTypeBoxSchema(value: unknown): value is TypeBoxSchema {
  return isRecord(value) && ("~kind" in value || "~unsafe" in value || kind034 in value);
}

/** `String`, `Object`, …; our own dates and bytes for 1.x are named as those of 0.34. */
export function kindOf(schema: TypeBoxSchema): string {
  const kind = schema["~kind"] ?? schema[kind034];
  const { type } = schema;
  if (kind === undefined || kind === "Unsafe")
    return type === "Date" || type === "Uint8Array" ? type : "Unsafe";
  return String(kind);
}

/** Whether `Type.Optional` is around it. */
export function isOptional(schema: TypeBoxSchema): boolean {
  return "~optional" in schema || optional034 in schema;
}

/** Refuses code in a schema and every keyword but those named and annotations. `true` when there was none. */
export function hasOnly(schema: TypeBoxSchema, place: Place, ...keywords: readonly string[]): boolean {
  const isCode = "~refine" in schema || "~codec" in schema || transform034 in schema;
  if (isCode) {
    const name = "~refine" in schema ? "Refine" : "~codec" in schema ? "Codec" : "Transform";
    place.refuse(`\`${name}\` is code, which a generated validator cannot hold; do it in the app`, name);
  }
  const extra = Object.keys(schema).filter(
    (keyword) => schema[keyword] !== undefined && !annotations.has(keyword) && !keywords.includes(keyword),
  );
  for (const keyword of extra)
    place.refuse(`\`${keyword}\` is not generated; leave it out, or check it in the app`);
  return !isCode && extra.length === 0;
}

/** Keywords that say nothing about which values are allowed, and those that TypeBox sets by the kind. */
const annotations: ReadonlySet<string> = new Set([
  ...["type", "default", "title", "description", "examples", "readOnly", "writeOnly", "deprecated"],
  ...["$id", "$schema", "$comment", "~kind", "~optional", "~readonly", "~unsafe", "~immutable"],
  ...["~refine", "~codec"],
]);
