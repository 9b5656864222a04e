/**
 * Whether an object has the prototype of one of members. Told fastest where members of it have just been read: then V8 knows
 * the prototype, and does not look.
 */
export function isBare(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether an object of another prototype is one of members: of a class or another realm, but no array, Date, Map or other exotic. */
export function isForeign(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}
