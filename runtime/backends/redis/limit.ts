import type { Limited, SessionRecord } from "../../types/backend.js";
import type { Member } from "./commands.js";
import type { RecordHead } from "./record-value.js";
import { sizeScript } from "./scripts.js";
import { SharedLooks } from "./shared-looks.js";
import { create, read, readMember, remove, type Store } from "./writes.js";

/**
 * Creates records if their tenants have room. "refuse": a place in the tenant's roster is reserved first, which is
 * one step for all who try; a place that was reserved by a process that died is free again after a minute.
 * "oldest": the record is created, then those above the limit go, the oldest first; for that moment, or until the next
 * creation when the process dies in it, there may be more. Only a full tenant is looked at session by session, once for all
 * who come at that moment: of ten thousand sessions it takes a fifth of a second.
 */
export function createLimited(store: Store): Limited["createWithin"] {
  const looks = new SharedLooks<boolean>();
  return async (given, { tenant, max, onLimit, replaces }) => {
    const record = { ...given, tenant };
    const key = store.keys.tenant(tenant);
    if (replaces !== undefined) return (await create(store, record)) === true;
    if (onLimit === "oldest") {
      const isCreated = (await create(store, record)) === true;
      if (isCreated && (await sizeOf(store, key)) > max)
        await looks.take(`${max} ${key}`, () => removeAbove(store, key, { record, max }));
      return isCreated;
    }
    for (;;) {
      const answer = await create(store, record, { key, max });
      if (answer !== "full") return answer;
      if (!(await looks.take(key, () => freePlaces(store, key, record)))) return false;
    }
  };
}

interface Above {
  readonly record: SessionRecord;
  readonly max: number;
}

/** Whoever is among the newest stays, however many do this at once: nobody ever sees enough newer ones. */
async function removeAbove(store: Store, key: string, { record, max }: Above): Promise<boolean> {
  const members = await membersOf(store, key);
  const present = await readPresent(store, { key, tenant: record.tenant }, members);
  const live = present.filter(({ expiresAt }) => expiresAt > record.createdAt);
  live.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  const above = live.slice(0, Math.max(0, live.length - max));
  await Promise.all(above.map(({ id }) => evict(store, id)));
  return above.length > 0;
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
  return (await sizeOf(store, key)) < members.length;
}

async function sizeOf({ commands }: Store, key: string): Promise<number> {
  return Number(await commands.run(sizeScript, key));
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
