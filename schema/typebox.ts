import { type TUnsafe, Type } from "typebox";

/** Constraints and the default of a date. */
export interface DateOptions {
  /** Epoch milliseconds, inclusive, as in TypeBox 0.34. */
  readonly minimumTimestamp?: number;
  readonly maximumTimestamp?: number;
  readonly default?: Date;
  readonly description?: string;
}

/** Constraints and the default of bytes. */
export interface BytesOptions {
  /** In bytes, inclusive, as in TypeBox 0.34. */
  readonly minByteLength?: number;
  readonly maxByteLength?: number;
  readonly default?: Uint8Array;
  readonly description?: string;
}

/** A `Date` for TypeBox 1.x, which has none of its own. */
export function date(options: DateOptions = {}): TUnsafe<Date> {
  return Type.Unsafe<Date>({ ...options, type: "Date" });
}

/** A `Uint8Array` for TypeBox 1.x, which has none of its own. */
export function bytes(options: BytesOptions = {}): TUnsafe<Uint8Array> {
  return Type.Unsafe<Uint8Array>({ ...options, type: "Uint8Array" });
}
