import type { SessionRecord } from "../backend.js";

/** A record in its place between those that were written before and after it. */
export interface Row {
  record: SessionRecord;
  older: Row | undefined;
  newer: Row | undefined;
}

/** Rows in the order in which they were last written. */
export class WriteOrder {
  #oldest: Row | undefined;
  #newest: Row | undefined;

  get oldest(): Row | undefined {
    return this.#oldest;
  }

  /** Adds a row that is in no order yet as the newest. */
  add(row: Row): void {
    row.older = this.#newest;
    row.newer = undefined;
    if (this.#newest === undefined) this.#oldest = row;
    else this.#newest.newer = row;
    this.#newest = row;
  }

  remove({ older, newer }: Row): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }

  /** Makes a row the newest. */
  renew(row: Row): void {
    if (row === this.#newest) return;
    this.remove(row);
    this.add(row);
  }

  clear(): void {
    this.#oldest = undefined;
    this.#newest = undefined;
  }
}
