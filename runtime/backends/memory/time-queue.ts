/** An id and its time. */
export interface Timed {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Ids in order of a time, and of themselves where that is one: a binary heap. An entry is not taken out when its record is
 * deleted or its time moves; it is stale then, and the reader skips it.
 */
export class TimeQueue {
  #heap: Timed[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The first that is not stale; those before it are thrown away. */
  first(isCurrent: (entry: Timed) => boolean): Timed | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || isCurrent(first)) return first;
      this.#removeFirst();
    }
  }

  add(entry: Timed): void {
    let at = this.#heap.push(entry) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || !isBefore(entry, parent)) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = entry;
  }

  /** Starts over with these entries, so that stale ones take no room. */
  reset(entries: Iterable<Timed>): void {
    this.#heap = [...entries].sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sinkFromTop(last);
  }

  #sinkFromTop(entry: Timed): void {
    let at = 0;
    for (;;) {
      const childAt = this.#firstOf(2 * at + 1, 2 * at + 2);
      const child = this.#heap[childAt];
      if (child === undefined || !isBefore(child, entry)) break;
      this.#heap[at] = child;
      at = childAt;
    }
    this.#heap[at] = entry;
  }

  #firstOf(left: number, right: number): number {
    const one = this.#heap[left];
    const other = this.#heap[right];
    return one !== undefined && other !== undefined && isBefore(other, one) ? right : left;
  }
}

function isBefore(one: Timed, other: Timed): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}
