import type { MessageFields } from "./message-fields.js";

/** Where the bytes of a list, map or message are. */
interface Run {
  /** Of the message that it is in: in one of another schema, the numbers mean something else. */
  readonly fields: MessageFields;
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const runs = new WeakMap<object, Run>();

/** Shorter ones are written as fast as they are looked up. */
const shortest = 64;

/** Notes that a field's value, in wire form, was read from these bytes, tags included; nobody may change it. */
export function keepBytes(value: object, run: Run): void {
  if (run.end - run.start >= shortest) runs.set(value, run);
}

/** Forgets where a value was, since it is not in one place. */
export function forgetBytes(value: object): void {
  runs.delete(value);
}

/** The bytes of a field that still has the value which was read. */
export function keptBytes(fields: MessageFields, number: number, value: unknown): Uint8Array | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const run = runs.get(value);
  if (run === undefined || run.number !== number || run.fields !== fields) return undefined;
  return run.bytes.subarray(run.start, run.end);
}
