import type { IndexedValue, RecordPage, SessionRecord } from "../../types/backend.js";
import { KeptRecord } from "./kept-record.js";
import { OrderedIds } from "./ordered-ids.js";
import { TenantTimes } from "./tenant-times.js";
import type { Timed } from "./time-heap.js";
import { TimeQueue } from "./time-queue.js";
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

/** Who asks for room in a tenant that may have so many, as it is now. */
interface Asked {
  readonly max: number;
  readonly now: number;
}

/** What a removal of expired records came to. */
export interface Removal {
  readonly removed: number;
  /** Whether nothing is left that is over. */
  readonly isAll: boolean;
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

  /** Removes at most `limit` that are over. Where many were moved to a later time, it may have to be called again to find one. */
  removeExpired(now: number, limit: number): Removal {
    let removed = 0;
    for (const id of this.#expiry.takeUntil(this.#expiryOf, { until: now, looks: looksAtOnce })) {
      this.remove(id);
      removed += 1;
      if (removed >= limit) break;
    }
    const next = this.nextExpiry();
    return { removed, isAll: next === undefined || next > now };
  }

  /** No record expires before; perhaps none then either. */
  nextExpiry(): number | undefined {
    return this.#expiry.earliest;
  }

  /**
   * The record to evict so that the tenant has room for one more; nothing if there is room. Those that are over go first,
   * as many as are too many.
   */
  oldestOfFull(tenant: string, { max, now }: Asked): KeptRecord | undefined {
    const bucket = this.#tenants.get(tenant);
    if (bucket === undefined) return undefined;
    bucket.times ??= new TenantTimes([...bucket.ids].flatMap((id) => this.get(id) ?? []));
    while (bucket.ids.size >= max) {
      const over = bucket.times.ended(now);
      if (over === undefined) return this.get(bucket.times.oldest() ?? "");
      this.remove(over);
    }
    return undefined;
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
    if (record.tenant !== null) this.#tenants.get(record.tenant)?.times?.put(record);
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

/** What takes about a millisecond, among a million. */
const looksAtOnce = 1000;

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
  const bucket = value === null ? undefined : index.get(value);
  if (!bucket?.ids.delete(id)) return;
  bucket.times?.remove(id);
  if (bucket.ids.size === 0) index.delete(value);
}
