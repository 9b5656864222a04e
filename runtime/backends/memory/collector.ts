import type { SessionRecord } from "../../types/backend.js";
import type { RecordTable } from "./record-table.js";

/** Node fires a longer timer at once. */
const longestDelay = 2 ** 31 - 1;

/** Expired records are collected at most once a second, in parts between which requests go on: each takes about a millisecond. */
const collection = { pause: 1000, rest: 20, size: 250 } as const;

/** What is over as soon as it comes is kept for so long: sessions may have another clock, as in tests, which decides. */
const margin = 5 * 60_000;

/** Puts records into the table, and throws them away when they expire, by one timer that keeps no process alive. */
export class Collector {
  readonly #table: RecordTable;
  readonly #clock: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(table: RecordTable, clock: () => number) {
    this.#table = table;
    this.#clock = clock;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(record: SessionRecord): true {
    this.#table.put(record);
    if (record.expiresAt < this.#armedFor) this.#arm();
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#disarm();
    this.#table.clear();
  }

  #arm(whenOver: number = margin): void {
    const next = this.#table.nextExpiry();
    if (next === undefined || next >= this.#armedFor) return;
    this.#disarm();
    this.#armedFor = next;
    const left = next - this.#clock();
    const delay = left > 0 ? Math.max(left, collection.pause) : whenOver;
    this.#timer = setTimeout(() => this.#collect(), Math.min(delay, longestDelay));
    // A number outside Node.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #collect(): void {
    this.#disarm();
    const { isAll } = this.#table.removeExpired(this.#clock(), collection.size);
    this.#arm(isAll ? collection.pause : collection.rest);
  }
}
