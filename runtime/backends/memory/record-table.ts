import type { IndexedValue, RecordPage, SessionRecord } from "../backend.js";
import { OrderedIds } from "./ordered-ids.js";
import { TenantTimes } from "./tenant-times.js";
import { type Timed, TimeQueue } from "./time-queue.js";
import { type Row, WriteOrder } from "./write-order.js";

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
  readonly #rows = new Map<string, Row>();
  readonly #order = new WriteOrder();
  readonly #everyone = new OrderedIds(this.#rows);
  readonly #tenants: Index = new Map();
  readonly #fields = new Map<string, Index>();
  readonly #expiry = new TimeQueue();
  readonly #isCurrent = ({ id, at }: Timed): boolean => this.get(id)?.expiresAt === at;

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): SessionRecord | undefined {
    return this.#rows.get(id)?.record;
  }

  put(record: SessionRecord): void {
    const row = this.#rows.get(record.id);
    const previous = row?.record;
    if (row === undefined) this.#add(record);
    else {
      row.record = record;
      this.#order.renew(row);
    }
    this.#index(record, previous);
    if (previous?.expiresAt === record.expiresAt) return;
    this.#expiry.add({ id: record.id, at: record.expiresAt });
    if (this.#expiry.size > 2 * this.#rows.size + 1000) this.#expiry.reset(this.#expiries());
  }

  #add(record: SessionRecord): void {
    const row = { record, older: undefined, newer: undefined };
    this.#rows.set(record.id, row);
    this.#order.add(row);
  }

  *#expiries(): Generator<Timed> {
    for (const { record } of this.#rows.values()) yield { id: record.id, at: record.expiresAt };
  }

  remove(id: string): boolean {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    const { record } = row;
    this.#rows.delete(id);
    this.#order.remove(row);
    remove(this.#tenants, record.tenant, id);
    for (const [field, index] of this.#fields) remove(index, record.indexed[field] ?? null, id);
    return true;
  }

  clear(): void {
    this.#rows.clear();
    this.#order.clear();
    this.#tenants.clear();
    this.#fields.clear();
    this.#expiry.reset([]);
  }

  longestUnwritten(): SessionRecord | undefined {
    return this.#order.oldest?.record;
  }

  removeExpired(now: number, limit: number): number {
    let removed = 0;
    while (removed < limit && (this.nextExpiry() ?? Number.POSITIVE_INFINITY) <= now) {
      this.remove(this.#firstToExpire()?.id ?? "");
      removed += 1;
    }
    return removed;
  }

  nextExpiry(): number | undefined {
    return this.#firstToExpire()?.at;
  }

  #firstToExpire(): Timed | undefined {
    return this.#expiry.first(this.#isCurrent);
  }

  /** The record of a tenant that was created first, and how many it has, once those have gone that are over. */
  roomOf(
    tenant: string,
    now: number,
  ): { readonly taken: number; readonly oldest: SessionRecord | undefined } {
    const bucket = this.#tenants.get(tenant);
    if (bucket === undefined) return { taken: 0, oldest: undefined };
    bucket.times ??= new TenantTimes(tenant, bucket.ids, (id) => this.get(id));
    for (let over = bucket.times.ended(now); over !== undefined; over = bucket.times.ended(now))
      this.remove(over.id);
    return { taken: bucket.ids.size, oldest: bucket.times.oldest() };
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
      const record = this.get(id);
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
