interface Entry {
  readonly id: string;
  readonly expiresAt: number;
}

/**
 * Ids in order of expiry: a binary heap. An entry is not taken out when its record is deleted or moves its
 * expiry; it is stale then, and the reader skips it.
 */
export class ExpiryQueue {
  #heap: Entry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  first(): Entry | undefined {
    return this.#heap[0];
  }

  add(entry: Entry): void {
    let at = this.#heap.push(entry) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || parent.expiresAt <= entry.expiresAt) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = entry;
  }

  removeFirst(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sinkFromTop(last);
  }

  /** Starts over with these entries, so that stale ones take no room. */
  reset(entries: Iterable<Entry>): void {
    this.#heap = Array.from(entries, ({ id, expiresAt }) => ({ id, expiresAt })).sort(
      (one, other) => one.expiresAt - other.expiresAt,
    );
  }

  #sinkFromTop(entry: Entry): void {
    let at = 0;
    for (;;) {
      const childAt = this.#earlierOf(2 * at + 1, 2 * at + 2);
      const child = this.#heap[childAt];
      if (child === undefined || child.expiresAt >= entry.expiresAt) break;
      this.#heap[at] = child;
      at = childAt;
    }
    this.#heap[at] = entry;
  }

  #earlierOf(left: number, right: number): number {
    const one = this.#heap[left];
    const other = this.#heap[right];
    return one !== undefined && other !== undefined && other.expiresAt < one.expiresAt ? right : left;
  }
}
