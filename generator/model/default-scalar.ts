import type { Bounds } from "./bounds.js";
import type { BigintKind, BytesKind, DateKind, DefaultValue, NumberKind, StringKind } from "./model.js";

/** A default in wire form, or why it does not fit its kind: a phrase that goes after "the default". */
export type DefaultResult<Value extends DefaultValue = DefaultValue> =
  | { readonly value: Value }
  | { readonly problem: string };

/** Text with its lengths, counted in code points, and patterns. */
export function fitString(kind: StringKind, value: unknown): DefaultResult {
  if (typeof value !== "string") return { problem: "is not a string" };
  if (!value.isWellFormed()) return { problem: "holds a lone surrogate" };
  const length = [...value].length;
  if (length < (kind.minLength ?? 0)) return { problem: `is shorter than ${kind.minLength}` };
  if (length > (kind.maxLength ?? Number.POSITIVE_INFINITY))
    return { problem: `is longer than ${kind.maxLength}` };
  const matches = kind.patterns?.every(({ source, flags }) => new RegExp(source, flags).test(value)) ?? true;
  return matches ? { value } : { problem: "does not match its pattern or format" };
}

/** A finite number; an integer stores no negative zero. */
export function fitNumber(kind: NumberKind, value: unknown): DefaultResult {
  if (typeof value !== "number" || !Number.isFinite(value)) return { problem: "is not a finite number" };
  if (kind.type === "integer" && !Number.isSafeInteger(value)) return { problem: "is not a safe integer" };
  const factor = kind.multipleOf;
  if (factor !== undefined && !Number.isInteger(value / factor))
    return { problem: `is not a multiple of ${factor}` };
  return fitBounds(kind, value) ?? { value: kind.type === "integer" ? value + 0 : value };
}

/** A bigint, or why it does not fit. */
export function fitBigint(kind: BigintKind, value: unknown): DefaultResult {
  if (typeof value !== "bigint") return { problem: "is not a bigint" };
  const factor = kind.multipleOf;
  if (factor !== undefined && value % factor !== 0n) return { problem: `is not a multiple of ${factor}` };
  return fitBounds(kind, value) ?? { value };
}

/** A date as its epoch milliseconds. */
export function fitDate(kind: DateKind, value: unknown): DefaultResult<number> {
  const time = value instanceof Date ? value.getTime() : Number.NaN;
  if (Number.isNaN(time)) return { problem: "is not a valid Date" };
  return fitBounds(kind, time) ?? { value: time };
}

/** A copy of the bytes, or why they do not fit. */
export function fitBytes(kind: BytesKind, value: unknown): DefaultResult {
  if (!(value instanceof Uint8Array)) return { problem: "is not a Uint8Array" };
  const bounds = {
    ...(kind.minLength === undefined ? {} : { minimum: kind.minLength }),
    ...(kind.maxLength === undefined ? {} : { maximum: kind.maxLength }),
  };
  return fitBounds(bounds, value.length) ?? { value: Uint8Array.from(value) };
}

/** The problem with `value`, if it is outside `bounds`. */
export function fitBounds<N extends number | bigint>(
  bounds: Bounds<N>,
  value: N,
): { readonly problem: string } | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = bounds;
  const low =
    (minimum !== undefined && value < minimum) ||
    (exclusiveMinimum !== undefined && value <= exclusiveMinimum);
  const high =
    (maximum !== undefined && value > maximum) ||
    (exclusiveMaximum !== undefined && value >= exclusiveMaximum);
  return low || high ? { problem: `is ${low ? "below" : "above"} its limit` } : undefined;
}
