import { type Duration, toMilliseconds } from "../duration.js";
import { assertOptions, duration, listOf, orFalse, plainText } from "../options.js";

/** When a session takes a new key without being told to. */
export interface RotationPolicy {
  /** Fields, as they are stored, whose change takes a new key in the very save that changes them. */
  readonly onChange: readonly string[];
  /** The age of a key, in milliseconds, at which it is replaced; `null` is never. */
  readonly every: number | null;
}

/** The `rotation` option of a schema; `false` turns both off. */
export type RotationOptions =
  | { readonly onChange?: readonly string[]; readonly every?: Duration | false }
  | false;

const types = { onChange: listOf(plainText), every: orFalse(duration) };

/** Fills in the defaults: by change of any indexed field, and every hour. */
export function resolveRotation(
  options: RotationOptions | undefined,
  indexes: readonly string[],
): RotationPolicy {
  if (options === false) return { onChange: [], every: null };
  if (options !== undefined) assertOptions("rotation", options, types);
  const every = options?.every ?? "1h";
  return {
    onChange: options?.onChange ?? indexes,
    every: every === false ? null : toMilliseconds(every, "rotation.every"),
  };
}
