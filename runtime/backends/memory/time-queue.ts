/** An id and its time. */
export interface Timed {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The time of an id as it is now; nothing for one that is gone. */
type TimeOf = (id: string) => number | undefined;

/**
 * Ids in order of a time, and of themselves where that is one: a binary heap, whose ids and times stand in two lists, since
 * an object for each pair takes four times the room. An entry is not taken out when its record is deleted, nor moved when its
 * time becomes a later one: the reader throws it away, or puts it where it belongs, when it comes first. So most
 * writes leave the queue alone.
 */
export class TimeQueue {
  #ids: string[] = [];
  #times: number[] = [];

  get size(): number {
    return this.#ids.length;
  }

  /** No id has an earlier time, and perhaps none has this one. */
  get earliest(): number | undefined {
    return this.#times[0];
  }

  /** The first by the times that the ids have now, if that is no later than `until`. */
  first(timeOf: TimeOf, until: number = Number.POSITIVE_INFINITY): Timed | undefined {
    while (this.size > 0) {
      const first = this.#at(0);
      if (first.at > until) return undefined;
      const at = timeOf(first.id);
      if (at === first.at) return first;
      // Whoever made it earlier has added it anew.
      if (at !== undefined && at > first.at) this.#sinkFromTop({ id: first.id, at });
      else this.#removeFirst();
    }
    return undefined;
  }

  /** Needed for an id that is new, or whose time is now earlier than it was. */
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
