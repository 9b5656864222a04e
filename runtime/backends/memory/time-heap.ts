/** An id and its time. */
export interface Timed {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Where the entries of a heap stand. */
export interface Slots<Entry extends Timed> {
  readonly size: number;
  at(index: number): Entry;
  /** That after the last one makes a new one. */
  put(index: number, entry: Entry): void;
  removeLast(): void;
}

/** Ids in order of a time, and of themselves where that is one: a binary heap. */
export class TimeHeap<Entry extends Timed> {
  readonly #slots: Slots<Entry>;

  constructor(slots: Slots<Entry>) {
    this.#slots = slots;
  }

  get first(): Entry | undefined {
    return this.#slots.size === 0 ? undefined : this.#slots.at(0);
  }

  add(entry: Entry): void {
    this.replace(this.#slots.size, entry);
  }

  /** Puts the entry instead of the one at that place, and then where it belongs. */
  replace(index: number, entry: Entry): void {
    const risen = this.#rise(index, entry);
    this.#slots.put(risen === index ? this.#sink(index, entry) : risen, entry);
  }

  removeAt(index: number): void {
    const last = this.#slots.at(this.#slots.size - 1);
    this.#slots.removeLast();
    if (index < this.#slots.size) this.replace(index, last);
  }

  /** Moves those down that the entry goes before; answers the place that is left for it. */
  #rise(from: number, entry: Entry): number {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#slots.at(parentAt);
      if (!isBefore(entry, parent)) break;
      this.#slots.put(at, parent);
      at = parentAt;
    }
    return at;
  }

  /** Moves those up that go before the entry; answers the place that is left for it. */
  #sink(from: number, entry: Entry): number {
    let at = from;
    for (;;) {
      const childAt = this.#firstOf(2 * at + 1, 2 * at + 2);
      if (childAt >= this.#slots.size) return at;
      const child = this.#slots.at(childAt);
      if (!isBefore(child, entry)) return at;
      this.#slots.put(at, child);
      at = childAt;
    }
  }

  #firstOf(left: number, right: number): number {
    return right < this.#slots.size && isBefore(this.#slots.at(right), this.#slots.at(left)) ? right : left;
  }
}

/** Whether one comes first: of two of one time, the smaller id. */
export function isBefore(one: Timed, other: Timed): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}
