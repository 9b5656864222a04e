import { type Bounds, isEmptyRange, type StatedBounds, tighten } from "./bounds.js";
import { literalOf } from "./kinds.js";
import type { KindModel } from "./model.js";
import type { Place } from "./place.js";
import { checksOf, refuseCheck, type ZodCheck, type ZodDefinition } from "./zod-schema.js";

const safeIntegers = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const finiteNumbers = { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE };
const largestFloat32 = 3.4028234663852886e38;

/** What zod's number formats stand for. */
const numberFormats: Readonly<
  Record<string, { readonly integer: boolean; readonly range?: readonly [number, number] }>
> = {
  safeint: { integer: true },
  int32: { integer: true, range: [-(2 ** 31), 2 ** 31 - 1] },
  uint32: { integer: true, range: [0, 2 ** 32 - 1] },
  float32: { integer: false, range: [-largestFloat32, largestFloat32] },
  float64: { integer: false },
};

const bigintFormats: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** The kind of `z.number`, `z.int` and their formats; refuses checks that cannot be generated. */
export function zodNumber(definition: ZodDefinition, place: Place): KindModel | undefined {
  const checks = checksOf(definition);
  const formats = checks.map(({ format }) =>
    typeof format === "string" ? numberFormats[format] : undefined,
  );
  const known = formats.filter((format) => format !== undefined);
  const ranges = known.flatMap(({ range }) => (range ? [range] : []));
  const type = known.some(({ integer }) => integer) ? "integer" : "number";
  const stated = statedBounds(checks, isNumber, ranges);
  const bounds = tighten(stated, type === "integer" ? safeIntegers : finiteNumbers);
  const multiples = valuesOf(checks, "multiple_of", isNumber);
  const rest = checks.filter((check, index) => !isBound(check) && formats[index] === undefined);
  if (!areFine(rest, bounds, multiples, place)) return undefined;
  const [multipleOf] = multiples;
  return { type, ...bounds, ...(multipleOf === undefined ? {} : { multipleOf }) };
}

/** The kind of `z.bigint` and its formats. */
export function zodBigint(definition: ZodDefinition, place: Place): KindModel | undefined {
  const checks = checksOf(definition);
  const formats = checks.map(({ format }) =>
    typeof format === "string" ? bigintFormats[format] : undefined,
  );
  const bounds = tighten(
    statedBounds(
      checks,
      isBigint,
      formats.filter((format) => format !== undefined),
    ),
  );
  const multiples = valuesOf(checks, "multiple_of", isBigint);
  const rest = checks.filter((check, index) => !isBound(check) && formats[index] === undefined);
  if (!areFine(rest, bounds, multiples, place)) return undefined;
  const [multipleOf] = multiples;
  return { type: "bigint", ...bounds, ...(multipleOf === undefined ? {} : { multipleOf }) };
}

/** Limits of a date are inclusive; one that excludes its end is the millisecond before or after. */
export function zodDate(definition: ZodDefinition, place: Place): KindModel | undefined {
  const checks = checksOf(definition).map((check) =>
    check["value"] instanceof Date ? { ...check, value: check["value"].getTime() } : check,
  );
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = statedBounds(checks, isNumber, []);
  const bounds = tighten({
    minimum: [...minimum, ...exclusiveMinimum.map((time) => time + 1)],
    maximum: [...maximum, ...exclusiveMaximum.map((time) => time - 1)],
    exclusiveMinimum: [],
    exclusiveMaximum: [],
  });
  return areFine(
    checks.filter((check) => !isBound(check)),
    bounds,
    [],
    place,
  )
    ? { type: "date", ...bounds }
    : undefined;
}

/** Every value of a literal or an enum, native enums included. */
export function zodLiteral(definition: ZodDefinition, place: Place): KindModel | undefined {
  for (const check of checksOf(definition)) refuseCheck(check, place);
  const values = definition.type === "enum" ? enumValues(definition["entries"]) : definition["values"];
  if (!Array.isArray(values) || values.length === 0) {
    place.refuse("it names no value", "enum", "literal");
    return undefined;
  }
  const refused = values.find((value: unknown) => !isLiteral(value));
  if (values.every(isLiteral)) return literalOf(values);
  const advice =
    typeof refused === "bigint"
      ? "write `z.bigint()` with limits"
      : "write `.optional()` for what may be absent";
  place.refuse(
    `a literal ${typeof refused === "bigint" ? `${refused}n` : String(refused)} cannot be generated; ${advice}`,
    "literal",
    "enum",
  );
  return undefined;
}

/** The limits that the checks state for an element count or a length. */
export function zodLengths(checks: readonly ZodCheck[]): Bounds<number> {
  const exact = valuesOf(checks, "length_equals", isNumber, "length");
  const stated = {
    minimum: [...valuesOf(checks, "min_length", isNumber, "minimum"), ...exact],
    maximum: [...valuesOf(checks, "max_length", isNumber, "maximum"), ...exact],
    exclusiveMinimum: [],
    exclusiveMaximum: [],
  };
  return tighten(stated, { minimum: 0, maximum: Number.POSITIVE_INFINITY });
}

/** zod's names of the checks that limit a length. */
export const lengthChecks: ReadonlySet<string> = new Set(["length_equals", "min_length", "max_length"]);

/** Says what is wrong with checks that were not understood and with limits that leave nothing; `true` when all is fine. */
export function areFine(
  rest: readonly ZodCheck[],
  bounds: Bounds<number> | Bounds<bigint>,
  multiples: readonly (number | bigint)[],
  place: Place,
): boolean {
  for (const check of rest) refuseCheck(check, place);
  const isEmpty = isEmptyRange<number | bigint>(bounds);
  if (isEmpty) place.refuse("its limits leave no value");
  if (multiples.length > 1)
    place.refuse(
      "two `multipleOf` cannot be generated; write their least common multiple",
      "multipleOf",
      "step",
    );
  return rest.length === 0 && !isEmpty && multiples.length < 2;
}

function statedBounds<N extends number | bigint>(
  checks: readonly ZodCheck[],
  isValue: (value: unknown) => value is N,
  ranges: readonly (readonly [N, N])[],
): StatedBounds<N> {
  const values = (check: string, inclusive: boolean): N[] =>
    valuesOf(
      checks.filter((candidate) => candidate["inclusive"] === inclusive),
      check,
      isValue,
    );
  return {
    minimum: [...values("greater_than", true), ...ranges.map(([low]) => low)],
    maximum: [...values("less_than", true), ...ranges.map(([, high]) => high)],
    exclusiveMinimum: values("greater_than", false),
    exclusiveMaximum: values("less_than", false),
  };
}

function valuesOf<N>(
  checks: readonly ZodCheck[],
  name: string,
  isValue: (value: unknown) => value is N,
  member = "value",
): N[] {
  return checks
    .filter(({ check }) => check === name)
    .map((check) => check[member])
    .filter(isValue);
}

function isBound({ check }: ZodCheck): boolean {
  return check === "greater_than" || check === "less_than" || check === "multiple_of";
}

/** A native enum maps its numbers back to their names; those entries are not values. */
function enumValues(entries: unknown): unknown[] {
  if (typeof entries !== "object" || entries === null) return [];
  const values: readonly unknown[] = Object.values(entries);
  const numbers = new Set(values.filter(isNumber).map(String));
  return Object.entries(entries).flatMap(([name, value]: [string, unknown]) =>
    numbers.has(name) ? [] : [value],
  );
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
