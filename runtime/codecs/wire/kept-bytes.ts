import type { Members, MessageFields } from "./message-fields.js";

/** Where the bytes of a list, map or message are. */
interface Run {
  /** Of the message that it is in: in one of another schema, the numbers mean something else. */
  readonly fields: MessageFields;
  readonly number: number;
  /** In wire form; nobody may change it. */
  readonly value: object;
  readonly start: number;
  readonly end: number;
}

/** The bytes that fields were read from, and where in them the larger ones are. */
interface KeptBytes {
  readonly bytes: Uint8Array;
  readonly runs: readonly Run[];
}

/** They ride along with the fields, copies of these included. A WeakMap by value would take a tenth of the time of a load. */
const kept = Symbol("kept bytes");

/** Shorter ones are written as fast as they are looked up. */
const shortest = 64;

/** Notes, while fields are read, where the larger ones are. */
export class RunList {
  #runs: Run[] = [];

  /** Adds a run, tags included. What lies in it is copied with it. */
  add(run: Run): void {
    const runs = this.#runs;
    while (runs.length > 0 && (runs.at(-1) as Run).start >= run.start) runs.pop();
    if (run.end - run.start >= shortest) runs.push(run);
  }

  /** Leaves out a value that is not in one place. */
  remove(value: object): void {
    const place = this.#runs.findIndex((run) => run.value === value);
    if (place >= 0) this.#runs.splice(place, 1);
  }

  /** Gives the runs to the fields that were read from these bytes, and begins anew. */
  giveTo(fields: Members, bytes: Uint8Array): void {
    if (this.#runs.length === 0) return;
    (fields as Keeping)[kept] = { bytes, runs: this.#runs };
    this.#runs = [];
  }
}

/** What was given to these fields, or to those that they are a copy of. */
export function keptWith(fields: Members): KeptBytes | undefined {
  return (fields as Keeping)[kept];
}

/** The bytes of a field that still has the value which was read. */
export function keptBytes(
  { bytes, runs }: KeptBytes,
  { fields, number, value }: Pick<Run, "fields" | "number"> & { readonly value: unknown },
): Uint8Array | undefined {
  for (const run of runs) {
    if (run.value === value && run.number === number && run.fields === fields)
      return bytes.subarray(run.start, run.end);
  }
  return undefined;
}

interface Keeping {
  [kept]?: KeptBytes;
}
