import type { KeptRecord } from "./kept-record.js";

/** Records in the order in which they were last written. */
export class WriteOrder {
  #oldest: KeptRecord | undefined;
  #newest: KeptRecord | undefined;

  get oldest(): KeptRecord | undefined {
    return this.#oldest;
  }

  /** Adds one that is in no order yet as the newest. */
  add(kept: KeptRecord): void {
    kept.older = this.#newest;
    kept.newer = undefined;
    if (this.#newest === undefined) this.#oldest = kept;
    else this.#newest.newer = kept;
    this.#newest = kept;
  }

  remove({ older, newer }: KeptRecord): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }

  clear(): void {
    this.#oldest = undefined;
    this.#newest = undefined;
  }
}
