import type { IndexedValue, RecordPage, SessionRecord } from "../backend.js";
import { KeptRecord } from "./kept-record.js";
import { OrderedIds } from "./ordered-ids.js";
import { TenantTimes } from "./tenant-times.js";
import { type Timed, TimeQueue } from "./time-queue.js";
import { WriteOrder } from "./write-order.js";

interface Walk {
  readonly after?: string;
  readonly limit: number;
}

interface Bucket {
  readonly ids: Set<string>;
  readonly ordered: OrderedIds;
  /** Of a tenant whose room somebody has asked for. */
  times?: TenantTimes;
}

/** Buckets of ids by the value of one field. `null` has none: it is what most records have, and rarely asked for. */
type Index = Map<IndexedValue, Bucket>;

/** Records by id, with their indexes, in the order in which they were last written. */
export class RecordTable {
  readonly #kept = new Map<string, KeptRecord>();
  readonly #order = new WriteOrder();
  readonly #everyone = new OrderedIds(this.#kept);
  readonly #tenants: Index = new Map();
  readonly #fields = new Map<string, Index>();
  readonly #expiry = new TimeQueue();
  readonly #expiryOf = (id: string): number | undefined => this.#kept.get(id)?.expiresAt;

  get size(): number {
    return this.#kept.size;
  }

  get(id: string): KeptRecord | undefined {
    return this.#kept.get(id);
  }

  put(record: SessionRecord): void {
    const existing = this.#kept.get(record.id);
    // While it still is what it was.
    this.#index(record, existing);
    this.#queue(record, existing);
    if (existing === undefined) this.#add(new KeptRecord(record));
    else {
      existing.write(record);
      this.#order.remove(existing);
      this.#order.add(existing);
    }
  }

  #add(kept: KeptRecord): void {
    this.#kept.set(kept.id, kept);
    this.#order.add(kept);
  }

  #queue({ id, expiresAt }: SessionRecord, previous: KeptRecord | undefined): void {
    if (previous !== undefined && previous.expiresAt <= expiresAt) return;
    if (this.#expiry.size > 2 * this.#kept.size + 1000) this.#expiry.reset(this.#expiries());
    this.#expiry.add({ id, at: expiresAt });
  }

  *#expiries(): Generator<Timed> {
    for (const { id, expiresAt } of this.#kept.values()) yield { id, at: expiresAt };
  }

  remove(id: string): boolean {
    const kept = this.#kept.get(id);
    if (kept === undefined) return false;
    this.#kept.delete(id);
    this.#order.remove(kept);
    remove(this.#tenants, kept.tenant, id);
    for (const [field, index] of this.#fields) remove(index, kept.indexed[field] ?? null, id);
    return true;
  }

  clear(): void {
    this.#kept.clear();
    this.#order.clear();
    this.#tenants.clear();
    this.#fields.clear();
    this.#expiry.reset([]);
  }

  longestUnwritten(): KeptRecord | undefined {
    return this.#order.oldest;
  }

  removeExpired(now: number, limit: number): number {
    for (let removed = 0; removed < limit; removed += 1) {
      const first = this.#expiry.first(this.#expiryOf, now);
      if (first === undefined) return removed;
      this.remove(first.id);
    }
    return limit;
  }

  /** No record expires before; perhaps none then either. */
  nextExpiry(): number | undefined {
    return this.#expiry.earliest;
  }

  /** The record of a tenant that was created first, and how many it has, once those have gone that are over. */
  roomOf(tenant: string, now: number): { readonly taken: number; readonly oldest: KeptRecord | undefined } {
    const bucket = this.#tenants.get(tenant);
    if (bucket === undefined) return { taken: 0, oldest: undefined };
    bucket.times ??= new TenantTimes(tenant, bucket.ids, (id) => this.get(id));
    for (let over = bucket.times.ended(now); over !== undefined; over = bucket.times.ended(now))
      this.remove(over.id);
    return { taken: bucket.ids.size, oldest: this.get(bucket.times.oldest()?.id ?? "") };
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

  #page(ordered: OrderedIds | undefined, walk: Walk, isWanted: (record: KeptRecord) => boolean): RecordPage {
    const records: SessionRecord[] = [];
    for (const id of ordered?.following(walk.after) ?? []) {
      const kept = this.get(id);
      const last = records.at(-1);
      if (kept === undefined || !isWanted(kept)) continue;
      if (last !== undefined && records.length >= walk.limit) return { records, next: last.id };
      records.push(kept.read());
    }
    return { records };
  }

  #index(record: SessionRecord, previous: KeptRecord | undefined): void {
    if (previous?.tenant !== record.tenant) {
      if (previous !== undefined) remove(this.#tenants, previous.tenant, record.id);
      add(this.#tenants, record.tenant, record.id);
    }
    const bucket = record.tenant === null ? undefined : this.#tenants.get(record.tenant);
    bucket?.times?.put(record, previous, bucket.ids);
    // Unlike Object.keys it makes no list, for what is the same in every record.
    for (const field in record.indexed) {
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
