import { isBefore, type Slots, type Timed, TimeHeap } from "./time-heap.js";

/** The time of an id as it is now; nothing for one that is gone. */
type TimeOf = (id: string) => number | undefined;

interface Part {
  readonly until: number;
  /** How many entries are looked at, at most. */
  readonly looks: number;
}

/**
 * Ids by their times. An entry is not taken out when its record is deleted, nor moved when its time becomes a later one:
 * the reader throws it away, or puts it where it belongs, when it comes first. So most writes leave the queue alone.
 */
export class TimeQueue {
  readonly #lists = new Lists();
  readonly #heap = new TimeHeap(this.#lists);

  get size(): number {
    return this.#lists.size;
  }

  /** No id has an earlier time, and perhaps none has this one. */
  get earliest(): number | undefined {
    return this.#heap.first?.at;
  }

  /**
   * Takes out those whose time is no later than `until`, the first one first. Any number of entries may only be put where
   * they belong, or thrown away: when it has had its looks, it ends, and `earliest` tells whether there is more to do.
   */
  *takeUntil(timeOf: TimeOf, { until, looks }: Part): Generator<string, void> {
    for (let look = 0; look < looks; look += 1) {
      const first = this.#heap.first;
      if (first === undefined || first.at > until) return;
      const at = timeOf(first.id);
      if (at !== undefined && at > first.at) this.#heap.replace(0, { id: first.id, at });
      else {
        this.#heap.removeAt(0);
        // Whoever made it earlier has added it anew.
        if (at === first.at) yield first.id;
      }
    }
  }

  /** Needed for an id that is new, or whose time is now earlier than it was. */
  add(entry: Timed): void {
    this.#heap.add(entry);
  }

  /** Starts over with these entries, so that stale ones take no room. */
  reset(entries: Iterable<Timed>): void {
    this.#lists.reset([...entries].sort((one, other) => (isBefore(one, other) ? -1 : 1)));
  }
}

/** Ids and times in two lists, since an object for each pair takes four times the room. */
class Lists implements Slots<Timed> {
  #ids: string[] = [];
  #times: number[] = [];

  get size(): number {
    return this.#ids.length;
  }

  at(index: number): Timed {
    return { id: this.#ids[index] ?? "", at: this.#times[index] ?? Number.NaN };
  }

  put(index: number, { id, at }: Timed): void {
    this.#ids[index] = id;
    this.#times[index] = at;
  }

  removeLast(): void {
    this.#ids.pop();
    this.#times.pop();
  }

  reset(entries: readonly Timed[]): void {
    this.#ids = entries.map(({ id }) => id);
    this.#times = entries.map(({ at }) => at);
  }
}
