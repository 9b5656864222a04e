import type { SessionRecord } from "../../types/backend.js";
import { type Slots, type Timed, TimeHeap } from "./time-heap.js";

/** What of a record decides on its places. */
type Placed = Pick<SessionRecord, "id" | "createdAt" | "expiresAt">;

/**
 * The records of a tenant in the order in which they were created, and in that in which they end. Each write moves them at
 * once: who logs in waits for the answer, which must not depend on how much was left to do.
 */
export class TenantTimes {
  readonly #created = new CurrentTimes();
  readonly #ends = new CurrentTimes();

  constructor(records: Iterable<Placed>) {
    for (const record of records) this.put(record);
  }

  put({ id, createdAt, expiresAt }: Placed): void {
    this.#created.put(id, createdAt);
    this.#ends.put(id, expiresAt);
  }

  remove(id: string): void {
    this.#created.remove(id);
    this.#ends.remove(id);
  }

  /** The one that was created first, the smaller id of two. */
  oldest(): string | undefined {
    return this.#created.first?.id;
  }

  /** The one that ends first, if it has ended. */
  ended(now: number): string | undefined {
    const first = this.#ends.first;
    return first !== undefined && first.at <= now ? first.id : undefined;
  }
}

interface Entry {
  readonly id: string;
  at: number;
  place: number;
}

/** Ids by their times, none of which is stale: it is known where each one stands. */
class CurrentTimes {
  readonly #entries = new Map<string, Entry>();
  readonly #heap = new TimeHeap(new Places());

  get first(): Timed | undefined {
    return this.#heap.first;
  }

  put(id: string, at: number): void {
    let entry = this.#entries.get(id);
    if (entry?.at === at) return;
    if (entry === undefined) {
      entry = { id, at, place: this.#entries.size };
      this.#entries.set(id, entry);
    }
    entry.at = at;
    this.#heap.replace(entry.place, entry);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#heap.removeAt(entry.place);
  }
}

/** Has each entry know its place. */
class Places implements Slots<Entry> {
  readonly #list: Entry[] = [];

  get size(): number {
    return this.#list.length;
  }

  at(index: number): Entry {
    return this.#list[index] ?? { id: "", at: Number.NaN, place: index };
  }

  put(index: number, entry: Entry): void {
    this.#list[index] = entry;
    entry.place = index;
  }

  removeLast(): void {
    this.#list.pop();
  }
}
