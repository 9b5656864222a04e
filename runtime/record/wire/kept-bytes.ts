/** Where the bytes of a list, map or message are. */
interface Run {
  /** Of the field. */
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  end: number;
}

const runs = new WeakMap<object, Run>();

/** Shorter ones are written as fast as they are looked up. */
const shortest = 64;

/** Notes that a field's value, in wire form, was read from these bytes, tags included; nobody may change it. */
export function keepBytes(
  number: number,
  value: object,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  if (end - start >= shortest) runs.set(value, { number, bytes, start, end });
}

/** Forgets where a value was, since it is not in one place. */
export function forgetBytes(value: object): void {
  runs.delete(value);
}

/** The bytes of a field that still has the value which was read. */
export function keptBytes(number: number, value: unknown): Uint8Array | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const run = runs.get(value);
  return run === undefined || run.number !== number ? undefined : run.bytes.subarray(run.start, run.end);
}
