import { KeyedQueue } from "../../platform/keyed-queue.js";
import type { SessionRecord, TenantLimit } from "../../types/backend.js";
import type { Evictions } from "../evictions.js";
import { createTag } from "./names.js";
import type { RecordFolders } from "./record-folders.js";
import { readPage, type Walk } from "./walk.js";

/** A session that was let in. */
interface Member {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * Counts the sessions of tenants by a roster each: a record of its own, changed by compare-and-swap. A new session
 * is created first and then let in, by its name on the roster; so one that is on it and not there is over.
 */
export class TenantRosters {
  readonly #sessions: RecordFolders;
  readonly #rosters: RecordFolders;
  readonly #evictions: Evictions;
  /** Within the process nobody has to try twice. */
  readonly #queue = new KeyedQueue();

  constructor(sessions: RecordFolders, rosters: RecordFolders, evictions: Evictions) {
    this.#sessions = sessions;
    this.#rosters = rosters;
    this.#evictions = evictions;
  }

  /** Creates a record whatever the room; where its tenant is counted, it is from then on. */
  async create(record: SessionRecord): Promise<boolean> {
    const { tenant } = record;
    const isCreated = await this.#sessions.create(record);
    if (!isCreated || tenant === null || (await this.#rosters.load(tenant)) === null) return isCreated;
    const limit = { tenant, max: Number.POSITIVE_INFINITY, onLimit: "refuse" } as const;
    return this.#queue.run(tenant, () => this.#admit(record, limit));
  }

  createWithin(record: SessionRecord, limit: TenantLimit): Promise<boolean> {
    return this.#queue.run(limit.tenant, async () => {
      // Before the record is created, so that a roster never begins with a session that is not let in.
      await this.#open(limit.tenant);
      return (await this.#sessions.create(record)) && this.#admit(record, limit);
    });
  }

  async #admit(record: SessionRecord, { tenant, max, onLimit, replaces }: TenantLimit): Promise<boolean> {
    for (;;) {
      const roster = await this.#open(tenant);
      const members = membersOf(roster);
      if (members.some(({ id }) => id === record.id)) return true;
      const room = replaces === undefined ? max - 1 : Number.POSITIVE_INFINITY;
      const live = await this.#live(members, tenant, { now: record.createdAt, room });
      const excess = Math.max(0, live.length - room);
      if (excess > 0 && onLimit === "refuse") {
        await this.#sessions.delete(record.id);
        return false;
      }
      const { id, createdAt } = record;
      const next = toRoster(tenant, roster.revision + 1, [...live.slice(excess), { id, createdAt }]);
      if (!(await this.#rosters.save(next))) continue;
      for (const leaving of live.slice(0, excess)) await this.#evict(leaving.id);
      return true;
    }
  }

  async #evict(id: string): Promise<void> {
    const record = await this.#sessions.load(id);
    if ((await this.#sessions.delete(id)) && record !== null) this.#evictions.tell(record);
  }

  /** The roster; one that is missing begins with the tenant's sessions. */
  async #open(tenant: string): Promise<SessionRecord> {
    for (;;) {
      const present = await this.#rosters.load(tenant);
      if (present !== null) return present;
      const first = toRoster(tenant, 1, await this.#membersNow(tenant));
      if (await this.#rosters.create(first)) return first;
    }
  }

  async #membersNow(tenant: string): Promise<readonly Member[]> {
    const members: Member[] = [];
    for (let walk: Walk | null = { limit: 500 }; walk !== null; ) {
      const page = await readPage(this.#sessions, walk, (record) => record.tenant === tenant);
      members.push(...page.records.map(({ id, createdAt }) => ({ id, createdAt })));
      walk = page.next === undefined ? null : { limit: 500, after: page.next };
    }
    return members;
  }

  /** Those that are there and not over by the creator's clock, oldest first; of the tenant, where that matters. */
  async #live(
    members: readonly Member[],
    tenant: string,
    { now, room }: { readonly now: number; readonly room: number },
  ): Promise<readonly Member[]> {
    const heads = await Promise.all(members.map(({ id }) => this.#sessions.headOf(id)));
    const present = members.filter((_, at) => (heads[at]?.expiresAt ?? now) > now);
    // A head does not tell whose the record is, which may have changed since.
    const live = present.length > room ? await this.#ofTenant(present, tenant) : [...present];
    return live.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  }

  async #ofTenant(members: readonly Member[], tenant: string): Promise<Member[]> {
    const records = await Promise.all(members.map(({ id }) => this.#sessions.load(id)));
    return members.filter((_, at) => records[at]?.tenant === tenant);
  }
}

function toRoster(tenant: string, revision: number, members: readonly Member[]): SessionRecord {
  return {
    id: tenant,
    tenant,
    header: "roster",
    data: new TextEncoder().encode(JSON.stringify(members)),
    revision,
    writeId: createTag(),
    createdAt: 0,
    expiresAt: 0,
    indexed: {},
  };
}

/** A damaged roster has none: it begins anew. */
function membersOf({ data }: SessionRecord): readonly Member[] {
  try {
    const members: unknown = JSON.parse(new TextDecoder().decode(data));
    return Array.isArray(members) ? members.filter(isMember) : [];
  } catch {
    return [];
  }
}

function isMember(value: unknown): value is Member {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
