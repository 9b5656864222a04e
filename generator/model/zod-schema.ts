import type { Place } from "./place.js";

/** A zod 4 schema as its own introspection shows it; `zod` and `zod/mini` alike. Described by structure: zod is not imported. */
export interface ZodSchema {
  readonly _zod: { readonly def: ZodDefinition; readonly pattern?: unknown };
  readonly description?: unknown;
}

/** What a schema was made of: its type, and members by that. */
export interface ZodDefinition {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The definition of one check: `min_length`, `greater_than`, `custom`, … */
export interface ZodCheck {
  readonly check: string;
  readonly [member: string]: unknown;
}

/** Whether a value is a schema of zod 4, or `zod/mini`. */
export function isZodSchema(value: unknown): value is ZodSchema {
  return isRecord(value) && isRecord(value["_zod"]) && isRecord(value["_zod"]["def"]);
}

/** Whether a schema was made by zod 3, or by `zod/v3`. */
export function isZod3Schema(value: unknown): boolean {
  return isRecord(value) && !("_zod" in value) && isRecord(value["_def"]) && "typeName" in value["_def"];
}

/** What is said of a schema of zod 3. */
export const zod3Refusal = "zod 3 is not read; install zod 4 (`npm install zod@4`)";

/** Every check of a schema: its own, when it is a format such as `z.email()`, and those added to it. */
export function checksOf(definition: ZodDefinition): readonly ZodCheck[] {
  const own = isCheck(definition) && definition.type !== "custom" ? [definition] : [];
  const added: readonly unknown[] = Array.isArray(definition["checks"]) ? definition["checks"] : [];
  const definitions = added.map((check) => (isZodSchema(check) ? check._zod.def : checkDefinition(check)));
  return [...own, ...definitions.filter(isCheck)];
}

/** Says that a check cannot be generated. */
export function refuseCheck({ check, format }: ZodCheck, place: Place): void {
  const names = codeChecks[check] ?? [typeof format === "string" ? format : check];
  const reason =
    check === "overwrite"
      ? "changes the value while it is checked; change it in the app, before it is assigned"
      : check === "custom"
        ? "is a check in code, which a generated validator cannot hold; say it with min, max, length or regex, or check in the app"
        : "has no counterpart here; say it with min, max, length or regex, or check in the app";
  place.refuseCall(reason, ...names);
}

const codeChecks: Readonly<Record<string, readonly string[]>> = {
  overwrite: ["trim", "toLowerCase", "toUpperCase", "normalize", "slugify", "overwrite"],
  custom: ["refine", "superRefine", "check", "with", "custom"],
};

/** Whether a value can have members; a function can, as which some schemas come. */
export function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function checkDefinition(check: unknown): unknown {
  return isRecord(check) && isRecord(check["_zod"]) ? check["_zod"]["def"] : undefined;
}

function isCheck(definition: unknown): definition is ZodCheck {
  return isRecord(definition) && typeof definition["check"] === "string";
}
