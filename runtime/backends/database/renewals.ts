/** How long after one connection of a pool the next one is made anew, in milliseconds: the ten of a pool in one second. */
const pause = 100;

/**
 * Which connections of a pool are made anew because they may only read: as those that were made while the database took no
 * writes, or to a master that has become a replica. While it stays so, that is tried now and then, not with each write.
 */
export class Renewals {
  readonly #now: () => number;
  #next = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the turn of a connection that was refused a write: it is to be closed. `false` when another one had its turn just before. */
  take(): boolean {
    const time = this.#now();
    if (time < this.#next) return false;
    this.#next = time + pause;
    return true;
  }
}
