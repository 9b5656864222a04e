import type { IndexedValue, RecordPage, SessionRecord } from "../backend.js";
import { ExpiryQueue } from "./expiry-queue.js";
import { OrderedIds } from "./ordered-ids.js";

interface Walk {
  readonly after?: string;
  readonly limit: number;
}

interface Bucket {
  readonly ids: Set<string>;
  readonly ordered: OrderedIds;
}

/** Buckets of ids by the value of one field. `null` has none: it is what most records have, and rarely asked for. */
type Index = Map<IndexedValue, Bucket>;

/** Records by id, with their indexes, in the order in which they were last written. */
export class RecordTable {
  readonly #records = new Map<string, SessionRecord>();
  readonly #everyone = new OrderedIds(this.#records);
  readonly #tenants: Index = new Map();
  readonly #fields = new Map<string, Index>();
  readonly #expiry = new ExpiryQueue();
  // Kept between calls: a new iterator would step over all that was removed from the front so far.
  #oldestFirst = this.#records.keys();

  get size(): number {
    return this.#records.size;
  }

  get(id: string): SessionRecord | undefined {
    return this.#records.get(id);
  }

  put(record: SessionRecord): void {
    const previous = this.#records.get(record.id);
    if (previous !== undefined) this.#records.delete(record.id);
    this.#records.set(record.id, record);
    this.#index(record, previous);
    if (previous?.expiresAt === record.expiresAt) return;
    this.#expiry.add({ id: record.id, expiresAt: record.expiresAt });
    if (this.#expiry.size > 2 * this.#records.size + 1000) this.#expiry.reset(this.#records.values());
  }

  remove(id: string): boolean {
    const record = this.#records.get(id);
    if (record === undefined) return false;
    this.#records.delete(id);
    remove(this.#tenants, record.tenant, id);
    for (const [field, index] of this.#fields) remove(index, record.indexed[field] ?? null, id);
    return true;
  }

  clear(): void {
    this.#records.clear();
    this.#tenants.clear();
    this.#fields.clear();
    this.#expiry.reset([]);
  }

  /** The next one to go when there is no room; it must be removed before this is asked again. */
  longestUnwritten(): SessionRecord | undefined {
    const { value, done } = this.#oldestFirst.next();
    if (!done) return this.#records.get(value);
    this.#oldestFirst = this.#records.keys();
    return this.#records.size > 0 ? this.longestUnwritten() : undefined;
  }

  removeExpired(now: number, limit: number): number {
    let removed = 0;
    while (removed < limit && (this.nextExpiry() ?? Number.POSITIVE_INFINITY) <= now) {
      this.remove(this.#expiry.first()?.id ?? "");
      removed += 1;
    }
    return removed;
  }

  nextExpiry(): number | undefined {
    for (;;) {
      const first = this.#expiry.first();
      if (first === undefined) return undefined;
      if (this.#records.get(first.id)?.expiresAt === first.expiresAt) return first.expiresAt;
      this.#expiry.removeFirst();
    }
  }

  find(field: string, value: IndexedValue, walk: Walk): RecordPage {
    const ordered = value === null ? this.#everyone : this.#fields.get(field)?.get(value)?.ordered;
    return this.#page(ordered, walk, (record) => (record.indexed[field] ?? null) === value);
  }

  ofTenant(tenant: string | null, walk: Walk): RecordPage {
    const ordered = tenant === null ? this.#everyone : this.#tenants.get(tenant)?.ordered;
    return this.#page(ordered, walk, (record) => record.tenant === tenant);
  }

  all(walk: Walk): RecordPage {
    return this.#page(this.#everyone, walk, () => true);
  }

  #page(
    ordered: OrderedIds | undefined,
    walk: Walk,
    isWanted: (record: SessionRecord) => boolean,
  ): RecordPage {
    const records: SessionRecord[] = [];
    for (const id of ordered?.following(walk.after) ?? []) {
      const record = this.#records.get(id);
      const last = records.at(-1);
      if (record === undefined || !isWanted(record)) continue;
      if (last !== undefined && records.length >= walk.limit) return { records, next: last.id };
      records.push(record);
    }
    return { records };
  }

  #index(record: SessionRecord, previous: SessionRecord | undefined): void {
    if (previous?.tenant !== record.tenant) {
      if (previous !== undefined) remove(this.#tenants, previous.tenant, record.id);
      add(this.#tenants, record.tenant, record.id);
    }
    for (const field of Object.keys(record.indexed)) {
      if (!this.#fields.has(field)) this.#fields.set(field, new Map());
    }
    for (const [field, index] of this.#fields) {
      const before = previous?.indexed[field] ?? null;
      const value = record.indexed[field] ?? null;
      if (before === value) continue;
      remove(index, before, record.id);
      add(index, value, record.id);
    }
  }
}

function add(index: Index, value: IndexedValue, id: string): void {
  if (value === null) return;
  const bucket = index.get(value);
  if (bucket !== undefined) {
    bucket.ids.add(id);
    return;
  }
  const ids = new Set([id]);
  index.set(value, { ids, ordered: new OrderedIds(ids) });
}

function remove(index: Index, value: IndexedValue, id: string): void {
  const ids = value === null ? undefined : index.get(value)?.ids;
  if (ids?.delete(id) && ids.size === 0) index.delete(value);
}
