/** An id and its time. */
export interface Timed {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Ids in order of a time, and of themselves where that is one: a binary heap, whose ids and times stand in two lists, since
 * an object for each pair takes four times the room. An entry is not taken out when its record is deleted or its time moves;
 * it is stale then, and the reader skips it.
 */
export class TimeQueue {
  #ids: string[] = [];
  #times: number[] = [];

  get size(): number {
    return this.#ids.length;
  }

  /** The first that is not stale; those before it are thrown away. */
  first(isCurrent: (entry: Timed) => boolean): Timed | undefined {
    for (;;) {
      if (this.#ids.length === 0) return undefined;
      const first = this.#at(0);
      if (isCurrent(first)) return first;
      this.#removeFirst();
    }
  }

  add(entry: Timed): void {
    let at = this.size;
    this.#put(at, entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#at(parentAt);
      if (!isBefore(entry, parent)) break;
      this.#put(at, parent);
      at = parentAt;
    }
    this.#put(at, entry);
  }

  /** Starts over with these entries, so that stale ones take no room. */
  reset(entries: Iterable<Timed>): void {
    const sorted = [...entries].sort((one, other) => (isBefore(one, other) ? -1 : 1));
    this.#ids = sorted.map(({ id }) => id);
    this.#times = sorted.map(({ at }) => at);
  }

  #removeFirst(): void {
    const last = this.#at(this.size - 1);
    this.#ids.pop();
    this.#times.pop();
    if (this.size > 0) this.#sinkFromTop(last);
  }

  #sinkFromTop(entry: Timed): void {
    let at = 0;
    for (;;) {
      const childAt = this.#firstOf(2 * at + 1, 2 * at + 2);
      if (childAt >= this.size) break;
      const child = this.#at(childAt);
      if (!isBefore(child, entry)) break;
      this.#put(at, child);
      at = childAt;
    }
    this.#put(at, entry);
  }

  #firstOf(left: number, right: number): number {
    return right < this.size && isBefore(this.#at(right), this.#at(left)) ? right : left;
  }

  #at(index: number): Timed {
    return { id: this.#ids[index] ?? "", at: this.#times[index] ?? Number.NaN };
  }

  #put(index: number, { id, at }: Timed): void {
    this.#ids[index] = id;
    this.#times[index] = at;
  }
}

function isBefore(one: Timed, other: Timed): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}
