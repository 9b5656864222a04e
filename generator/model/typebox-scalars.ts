import { type Bounds, isEmptyRange, tighten } from "./bounds.js";
import { literalOf } from "./kinds.js";
import type { BytesKind, KindModel, NumberKind } from "./model.js";
import type { Place } from "./place.js";
import { hasOnly, type TypeBoxSchema } from "./typebox-schema.js";
import { numberMember } from "./typebox-string.js";

const limits = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/** The kind of `Type.Number` or `Type.Integer`, within what doubles hold; refuses limits that leave nothing. */
export function typeBoxNumber(
  schema: TypeBoxSchema,
  type: NumberKind["type"],
  place: Place,
): KindModel | undefined {
  const end = type === "integer" ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  const bounds = tighten(stated(schema, isNumber), { minimum: -end, maximum: end });
  if (!isFine(schema, bounds, limits, place)) return undefined;
  const { multipleOf } = schema;
  return { type, ...bounds, ...(isNumber(multipleOf) ? { multipleOf } : {}) };
}

/** The kind of `Type.BigInt`. */
export function typeBoxBigint(schema: TypeBoxSchema, place: Place): KindModel | undefined {
  const bounds = tighten(stated(schema, isBigint));
  if (!isFine(schema, bounds, limits, place)) return undefined;
  const { multipleOf } = schema;
  return { type: "bigint", ...bounds, ...(isBigint(multipleOf) ? { multipleOf } : {}) };
}

/** Limits of a date are inclusive; one that excludes its end is the millisecond before or after. */
export function typeBoxDate(schema: TypeBoxSchema, place: Place): KindModel | undefined {
  const keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"].map(
    (name) => `${name}Timestamp`,
  );
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = stated(schema, isNumber, "Timestamp");
  const bounds = tighten({
    minimum: [...minimum, ...exclusiveMinimum.map((time) => time + 1)],
    maximum: [...maximum, ...exclusiveMaximum.map((time) => time - 1)],
    exclusiveMinimum: [],
    exclusiveMaximum: [],
  });
  return isFine(schema, bounds, keywords, place) ? { type: "date", ...bounds } : undefined;
}

/** The kind of `Type.Uint8Array` of 0.34, and our own `bytes()`. */
export function typeBoxBytes(schema: TypeBoxSchema, place: Place): BytesKind | undefined {
  const lengths = {
    ...numberMember(schema, "minByteLength", "minLength"),
    ...numberMember(schema, "maxByteLength", "maxLength"),
  };
  const bounds = {
    ...numberMember(schema, "minByteLength", "minimum"),
    ...numberMember(schema, "maxByteLength", "maximum"),
  };
  return isFine(schema, bounds, ["minByteLength", "maxByteLength"], place)
    ? { type: "bytes", ...lengths }
    : undefined;
}

/** A `Literal`, or an `Enum` of 1.x; in 0.34 an enum is a union of literals. */
export function typeBoxLiteral(schema: TypeBoxSchema, place: Place): KindModel | undefined {
  if (!hasOnly(schema, place, "const", "enum")) return undefined;
  const values: unknown = "enum" in schema ? schema["enum"] : [schema["const"]];
  if (Array.isArray(values) && values.length > 0 && values.every(isLiteral)) return literalOf(values);
  place.refuse("only strings, finite numbers, booleans and null can be literals", "Literal", "Enum");
  return undefined;
}

function isFine(
  schema: TypeBoxSchema,
  bounds: Bounds<number> | Bounds<bigint>,
  keywords: readonly string[],
  place: Place,
): boolean {
  const isEmpty = isEmptyRange<number | bigint>(bounds);
  if (isEmpty) place.refuse("its limits leave no value");
  return hasOnly(schema, place, ...keywords) && !isEmpty;
}

function stated<N extends number | bigint>(
  schema: TypeBoxSchema,
  isValue: (value: unknown) => value is N,
  suffix = "",
): Parameters<typeof tighten<N>>[0] {
  const values = (name: string): N[] => [schema[`${name}${suffix}`]].filter(isValue);
  return {
    minimum: values("minimum"),
    maximum: values("maximum"),
    exclusiveMinimum: values("exclusiveMinimum"),
    exclusiveMaximum: values("exclusiveMaximum"),
  };
}

function isLiteral(value: unknown): value is string | number | boolean | null {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isBigint(value: unknown): value is bigint {
  return typeof value === "bigint";
}
