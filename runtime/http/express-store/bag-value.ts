import type { Field } from "../../record/fields.js";
import type { SessionContext } from "../../session/context.js";
import type { WireValue } from "../../types/shape.js";

/** A field's value for a bag: a bigint in it is decimal text, since the libraries of bags hash them by JSON, which has none. */
export function toBagValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(toBagValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toBagValue(member)]));
}

/** The field's value of what an app put into its bag: for a bigint field, decimal text is one. */
export function fromBagValue(value: unknown, { stored }: Field, { checkWire }: SessionContext): unknown {
  if (typeof value !== "string" || !/^-?\d{1,1000}$/.test(value)) return value;
  const fits = (wire: WireValue): boolean => checkWire({ [stored]: wire }).length === 0;
  const number = BigInt(value);
  return !fits(value) && fits(number) ? number : value;
}
