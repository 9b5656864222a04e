/** One stored session. Everything but `data` is plain, so that a backend can index, expire and compare it. */
export interface SessionRecord {
  /** What the record is stored under: the session's handle, with the tenant's prefix. */
  readonly id: string;
  readonly tenant: string | null;
  /** Plain text: layout, codec, compression, encryption key id and shape hash. */
  readonly header: string;
  /** encrypt(compress(meta ‖ fields)); opaque to the backend. */
  readonly data: Uint8Array;
  /** 1 when created; `save` replaces exactly the record whose revision is one less. */
  readonly revision: number;
  /** Names this write, so that a repeated one is recognised. */
  readonly writeId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The indexed fields; `null` where the session has no value. */
  readonly indexed: Readonly<Record<string, IndexedValue>>;
}

/** What an indexed field can hold. */
export type IndexedValue = string | number | boolean | null;

/** The last argument of every backend method. `signal` is aborted when the deadline has passed. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * Asks `save` to leave the expiry that is stored, whatever the record says: another one may just have moved it. A backend
   * that does not know it takes the record's.
   */
  readonly keepsExpiry?: boolean;
}

/** Keeps opaque session records under an id. */
export interface SessionBackend<A extends BackendAbilities = BackendAbilities> {
  /** How far compare-and-swap reaches: every process that shares the store, this process, or not at all. */
  readonly atomicity: "store" | "process" | "none";
  readonly abilities: A;
  /**
   * Names where the records are, such as `"memory"` or a file; never a password. Present when a second backend of
   * the same kind of session and place can be replaced by this one, as is done outside production.
   */
  readonly place?: string;
  /** Only for a place within this process that hands out the very records it was given: no call of it has a deadline. */
  readonly isInProcess?: true;
  /**
   * `load` without waiting, which is asked first: `undefined` when it has to be waited for. Throws what `load` would
   * reject with.
   */
  readonly loadNow?: (id: string) => SessionRecord | null | undefined;
  /** `save` without waiting, likewise. When it throws or answers `undefined`, nothing was written. */
  readonly saveNow?: (record: SessionRecord) => boolean | undefined;
  /** Adds a record. `false`, changing nothing, when the id is taken; `true` when this very write is there already. */
  create(record: SessionRecord, options?: CallOptions): Promise<boolean>;
  /**
   * The record, or `null` when absent. It may be expired: the runtime owns the clock.
   * Never writes. Rejects only when the backend itself fails.
   */
  load(id: string, options?: CallOptions): Promise<SessionRecord | null>;
  /**
   * Replaces the record. `false`, changing nothing, when it is gone or its revision has moved on;
   * `true` when this very write is there already.
   */
  save(record: SessionRecord, options?: CallOptions): Promise<boolean>;
  /** Moves the expiry, leaving the revision. `false` when the record is gone or at another revision. */
  touch(id: string, revision: number, expiresAt: number, options?: CallOptions): Promise<boolean>;
  /** Removes the record. `false` when there was none. */
  delete(id: string, options?: CallOptions): Promise<boolean>;
  /** Whether a record is stored under the id; it may be expired. */
  exists(id: string, options?: CallOptions): Promise<boolean>;
  /**
   * Has a listener told of each live record that the backend removes by itself to make room for another; answers how to
   * stop that. Left out where it never does so, or does not learn of it.
   */
  onEviction?(listener: (record: SessionRecord) => void): () => void;
  /** Lets go of what the backend itself opened. Calls after it reject. */
  close?(): Promise<void>;
}

/** What a backend can do beyond the six methods. `Sessions` has the methods that these allow. */
export interface BackendAbilities {
  readonly find?: Findable;
  readonly list?: Listable;
  readonly scan?: Scannable;
  readonly sweep?: Sweepable;
  readonly limit?: Limited;
}

/** A page of records; `next`, when present, is the `after` of the next page. Order is stable, by id. */
export interface RecordPage {
  readonly records: readonly SessionRecord[];
  readonly next?: string;
}

/** Looks records up by an indexed value. Expired ones may be among them. */
export interface Findable {
  find(query: FindQuery, options?: CallOptions): Promise<RecordPage>;
}

/** A page of the records with one value of an index. `after` is the `next` of the page before. */
export interface FindQuery {
  readonly field: string;
  readonly value: IndexedValue;
  readonly after?: string;
  readonly limit: number;
}

/** Lists the records of one tenant, or those without one (`null`). Expired ones may be among them. */
export interface Listable {
  list(query: ListQuery, options?: CallOptions): Promise<RecordPage>;
}

/** A page of one tenant's records, or of those without one. */
export interface ListQuery {
  readonly tenant: string | null;
  readonly after?: string;
  readonly limit: number;
}

/** Walks over every record, whoever it belongs to. Expired ones may be among them. */
export interface Scannable {
  scan(query: ScanQuery, options?: CallOptions): Promise<RecordPage>;
}

/** A page of all records. */
export interface ScanQuery {
  readonly after?: string;
  readonly limit: number;
}

/** Deletes expired records in bounded batches. */
export interface Sweepable {
  /** Deletes at most `limit` records with `expiresAt <= now` (epoch milliseconds); answers how many. */
  deleteExpired(now: number, limit: number, options?: CallOptions): Promise<number>;
  /**
   * Whether the last call answered for want of time before it had looked at every record: the next one goes on from
   * there, and zero does not mean that no more are left. Left out where it always does.
   */
  isMidway?(): boolean;
}

/** Creates a record only while its tenant has room; counting and creating are one atomic step. */
export interface Limited {
  /** `false` when the tenant is full and `onLimit` is "refuse". A rotation names the id it `replaces` and is not counted. */
  createWithin(record: SessionRecord, limit: TenantLimit, options?: CallOptions): Promise<boolean>;
}

/** How many sessions a tenant may have, and what becomes of one more. */
export interface TenantLimit {
  readonly tenant: string;
  readonly max: number;
  readonly onLimit: "refuse" | "oldest";
  readonly replaces?: string;
}
