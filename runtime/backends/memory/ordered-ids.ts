/** What a Set of ids and a Map by id have in common. */
interface Ids {
  keys(): Iterable<string>;
  has(id: string): boolean;
}

/**
 * Walks over a changing collection of ids in a stable order. The order is made when a walk starts and kept for
 * its later pages, so that a walk over everything sorts once; a walk started meanwhile only makes it newer.
 */
export class OrderedIds {
  readonly #ids: Ids;
  #sorted: readonly string[] | undefined;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** The ids that follow `after` and are still there, the first ones when it is left out. */
  *following(after: string | undefined): Generator<string, void> {
    const sorted = after === undefined ? undefined : this.#sorted;
    const ids = sorted ?? [...this.#ids.keys()].sort();
    this.#sorted = ids;
    for (let at = after === undefined ? 0 : firstAbove(ids, after); at < ids.length; at++) {
      const id = ids[at];
      if (id !== undefined && this.#ids.has(id)) yield id;
    }
    this.#sorted = undefined;
  }
}

function firstAbove(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
