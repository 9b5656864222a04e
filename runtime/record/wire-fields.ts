import type { FieldShape, Shape, WireFields, WireObject, WireValue } from "../types/shape.js";

/** Fields or members by the name that each is stored under. */
export function byStoredName(shape: Shape): ReadonlyMap<string, FieldShape> {
  return new Map(Object.entries(shape).map(([name, field]) => [field.stored ?? name, field]));
}

/** Whether a wire value is an object. */
export function isWireObject(value: WireValue): value is WireObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** No fields. One frozen object, so that the usual case is recognised by identity. */
export const noFields: WireFields = Object.freeze(Object.create(null));
