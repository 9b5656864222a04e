/**
 * What this process knows better than the cache: entries about an id that are as old as a time are not to be
 * believed. Kept for as long as any entry is trusted, and for so many ids; of those beyond, the oldest is forgotten
 * by doubting every entry that is as old.
 */
export class Doubts {
  readonly #trust: number;
  readonly #byId = new Map<string, number>();
  #everything = Number.NEGATIVE_INFINITY;

  /** Entries are trusted for so many milliseconds. */
  constructor(trust: number) {
    this.#trust = trust;
  }

  /** From `now` (epoch milliseconds) on, believes nothing about the id that is as old. */
  add(id: string, now: number): void {
    this.#byId.delete(id);
    this.#byId.set(id, now);
    for (const [oldest, time] of this.#byId) {
      const isOver = Math.abs(now - time) > this.#trust;
      if (!isOver && this.#byId.size <= mostIds) return;
      if (!isOver) this.#everything = Math.max(this.#everything, time);
      this.#byId.delete(oldest);
    }
  }

  /** Whether an entry of this age may be believed. */
  allows(id: string, since: number): boolean {
    return since > this.#everything && since > (this.#byId.get(id) ?? Number.NEGATIVE_INFINITY);
  }
}

const mostIds = 10_000;
