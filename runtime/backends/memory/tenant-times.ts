import type { SessionRecord } from "../backend.js";
import { TimeQueue } from "./time-queue.js";

/** What of a record decides on its places. */
type Placed = Pick<SessionRecord, "id" | "tenant" | "createdAt" | "expiresAt">;

/** What is stored under an id now. */
type Lookup = (id: string) => Placed | undefined;

/** The records of a tenant in the order in which they were created, and in that in which they end. */
export class TenantTimes {
  readonly #lookUp: Lookup;
  readonly #tenant: string;
  readonly #created = new TimeQueue();
  readonly #ends = new TimeQueue();

  constructor(tenant: string, ids: ReadonlySet<string>, lookUp: Lookup) {
    this.#tenant = tenant;
    this.#lookUp = lookUp;
    this.#reset(ids);
  }

  /** Notes a record before it comes, or its expiry moves; `ids` are those that the tenant has. */
  put(record: Placed, previous: Placed | undefined, ids: ReadonlySet<string>): void {
    const { id, createdAt, expiresAt } = record;
    if (this.#created.size + this.#ends.size > 4 * ids.size + 1000) this.#reset(ids);
    const isNew = previous?.tenant !== this.#tenant;
    if (isNew || createdAt < previous.createdAt) this.#created.add({ id, at: createdAt });
    if (isNew || expiresAt < previous.expiresAt) this.#ends.add({ id, at: expiresAt });
  }

  /** The one that was created first, the smaller id of two. */
  oldest(): Placed | undefined {
    const first = this.#created.first((id) => this.#own(id)?.createdAt);
    return first && this.#own(first.id);
  }

  /** The one that ends first, if it has ended. */
  ended(now: number): Placed | undefined {
    const first = this.#ends.first((id) => this.#own(id)?.expiresAt, now);
    return first && this.#own(first.id);
  }

  #own(id: string): Placed | undefined {
    const record = this.#lookUp(id);
    return record?.tenant === this.#tenant ? record : undefined;
  }

  #reset(ids: ReadonlySet<string>): void {
    const records = [...ids].flatMap((id) => this.#own(id) ?? []);
    this.#created.reset(records.map(({ id, createdAt }) => ({ id, at: createdAt })));
    this.#ends.reset(records.map(({ id, expiresAt }) => ({ id, at: expiresAt })));
  }
}
