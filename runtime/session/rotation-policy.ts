import { type Duration, toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { assertOptions, duration, listOf, mergeOptions, orFalse, plainText } from "../platform/options.js";

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

/** What the app says over what the schema says, member by member; `false` of the app is all of it. */
export function mergeRotation(
  under: RotationOptions | undefined,
  over: RotationOptions | undefined,
): RotationOptions | undefined {
  if (over === undefined) return under;
  return over === false || under === false ? over : mergeOptions(under, over);
}

/** Fills in the defaults: by change of any indexed field, and every hour. Throws for a field that is not among these. */
export function resolveRotation(
  options: RotationOptions | undefined,
  indexes: readonly string[],
  fields: readonly string[],
): RotationPolicy {
  if (options === false) return { onChange: [], every: null };
  if (options !== undefined) assertOptions("rotation", options, types);
  const { onChange = indexes, every = "1h" } = options ?? {};
  const strange = onChange.find((name) => !fields.includes(name));
  if (strange !== undefined) {
    const message = `rotation.onChange names "${strange}", which is no field of the session: no change would take a new key.`;
    throw new SessionError("config", message);
  }
  return { onChange, every: every === false ? null : toMilliseconds(every, "rotation.every") };
}
