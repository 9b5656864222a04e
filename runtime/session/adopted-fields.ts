import { SessionError } from "../platform/errors.js";
import type { Field } from "../record/fields.js";
import type { WireFields, WireValue } from "../types/shape.js";
import type { SessionContext } from "./context.js";

/**
 * The fields of a session that is made of values of another library: what fits the shape. Where some do not fit, what
 * `onInvalid` says: `null` for none at all, the others, or `SessionError` `"invalid"`. `null` too when nothing is left.
 */
export function adoptedFields(
  values: Readonly<Record<string, unknown>>,
  context: SessionContext,
): WireFields | null {
  const fields: Record<string, WireValue> = {};
  const refused: string[] = [];
  for (const field of context.fields.all) {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (value === undefined) continue;
    const wire = fittingWire(field, value, context);
    if (wire !== undefined) fields[field.stored] = wire;
    // Many a library writes null for what is not there.
    else if (value !== null) refused.push(field.name);
  }
  if (refused.length > 0) {
    context.analytics?.note({ type: "invalid", what: "record", handle: null });
    if (context.onInvalid !== "drop-field") return refuse(refused, context);
  }
  return Object.keys(fields).length === 0 ? null : fields;
}

function refuse(refused: readonly string[], context: SessionContext): null {
  const message = `A session of another library was not adopted as a ${context.name}: ${refused.join(", ")} does not fit. Convert it in the option map.`;
  if (context.onInvalid === "throw")
    throw new SessionError("invalid", message, { details: { fields: refused } });
  context.warn(message);
  return null;
}

/** The wire form of the first reading of a value that fits. */
function fittingWire(field: Field, value: unknown, context: SessionContext): WireValue | undefined {
  for (const reading of readingsOf(field, value)) {
    const wire = toWire(field, reading);
    if (wire !== undefined && context.checkWire({ [field.stored]: wire }).length === 0) return wire;
  }
  return undefined;
}

/** As it is; and what the JSON of other libraries makes of dates and bigints. */
function readingsOf({ kind }: Field, value: unknown): readonly unknown[] {
  if (typeof value !== "string") return [value];
  if (kind === "date") return [new Date(value)];
  return kind === "bigint" && /^-?\d{1,1000}$/.test(value) ? [BigInt(value)] : [value];
}

function toWire({ converter, name }: Field, value: unknown): WireValue | undefined {
  try {
    return converter.toWire(value, name);
  } catch {
    return undefined;
  }
}
