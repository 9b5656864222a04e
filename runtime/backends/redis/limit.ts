import type { SessionRecord, TenantLimit } from "../backend.js";
import type { Member } from "./commands.js";
import type { RecordHead } from "./record-value.js";
import { create, read, readMember, remove, type Store } from "./writes.js";

/**
 * Creates the record if its tenant has room. "refuse": a place in the tenant's roster is reserved first, which is
 * one step for all who try; a place that was reserved by a process that died is free again after a minute.
 * "oldest": the record is created, then those above the limit go, the oldest first; for that moment, or until the next
 * creation when the process dies in it, there may be more.
 */
export async function createWithin(
  store: Store,
  given: SessionRecord,
  { tenant, max, onLimit, replaces }: TenantLimit,
): Promise<boolean> {
  const record = { ...given, tenant };
  const key = store.keys.tenant(tenant);
  if (replaces !== undefined) return (await create(store, record)) === true;
  if (onLimit === "oldest") {
    const isCreated = (await create(store, record)) === true;
    if (isCreated) await removeAbove(store, key, { record, max });
    return isCreated;
  }
  for (;;) {
    const answer = await create(store, record, { key, max });
    if (answer !== "full") return answer;
    if (!(await freePlaces(store, key, record))) return false;
  }
}

interface Above {
  readonly record: SessionRecord;
  readonly max: number;
}

/** Whoever is among the newest stays, however many do this at once: nobody ever sees enough newer ones. */
async function removeAbove(store: Store, key: string, { record, max }: Above): Promise<void> {
  const members = await membersOf(store, key);
  if (members.length <= max) return;
  const present = await readPresent(store, { key, tenant: record.tenant }, members);
  const live = present.filter(({ expiresAt }) => expiresAt > record.createdAt);
  live.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  const above = live.slice(0, Math.max(0, live.length - max));
  await Promise.all(above.map(({ id }) => evict(store, id)));
}

async function evict(store: Store, id: string): Promise<void> {
  const record = await read(store, id);
  if ((await remove(store, id)) && record !== null) store.evictions.tell(record);
}

/** Deletes what is over by the creator's clock, and takes out what has gone; tells whether that made a place. */
async function freePlaces(store: Store, key: string, { tenant, createdAt }: SessionRecord): Promise<boolean> {
  const members = await membersOf(store, key);
  const present = await readPresent(store, { key, tenant }, members);
  const over = present.filter(({ expiresAt }) => expiresAt <= createdAt);
  await Promise.all(over.map(({ id }) => remove(store, id, createdAt)));
  return (await membersOf(store, key)).length < members.length;
}

/** What the members' records tell; those that have gone, or are the tenant's no more, are taken out. */
async function readPresent(
  store: Store,
  { key, tenant }: Pick<SessionRecord, "tenant"> & { readonly key: string },
  members: readonly Member[],
): Promise<readonly (RecordHead & { readonly id: string })[]> {
  const heads = await Promise.all(
    members.map(async (member) => {
      const head = await readMember(store, member.id);
      if (head?.tenant === tenant) return { ...head, id: member.id };
      await store.entries.drop(key, member, head);
      return null;
    }),
  );
  return heads.filter((head) => head !== null);
}

/** Each once. */
async function membersOf({ commands }: Store, key: string): Promise<readonly Member[]> {
  const members = new Map<string, Member>();
  for await (const batch of commands.members(key)) for (const member of batch) members.set(member.id, member);
  return [...members.values()];
}
