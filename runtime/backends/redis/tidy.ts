import { type Member, toMembers } from "./commands.js";
import type { FoundKey } from "./keys.js";
import { sampleScript } from "./scripts.js";
import { read, type Store } from "./writes.js";

/** Takes the ids out of an index whose records have gone, or belong there no more: all, or as many as it gets to until `end`. */
export async function tidyIndex(
  store: Store,
  index: Pick<FoundKey, "key" | "belongs">,
  end: number,
): Promise<void> {
  for await (const members of store.commands.members(index.key)) {
    await tidyMembers(store, index, members);
    if (performance.now() > end) return tidySome(store, index.key);
  }
}

/**
 * The same for some, picked at random: done now and then as an index grows, so that it stays in proportion to what
 * is alive even where nobody looks anything up or sweeps. Never fails: it is done again.
 */
export async function tidySome(store: Store, key: string): Promise<void> {
  const belongs: FoundKey["belongs"] = (record) => store.keys.entries(record).includes(key);
  try {
    const answer = await store.commands.run(sampleScript, key);
    await tidyMembers(store, { key, belongs }, toMembers(Array.isArray(answer) ? answer : []));
  } catch {
    // The backend may have been closed meanwhile.
  }
}

async function tidyMembers(
  store: Store,
  { key, belongs }: Pick<FoundKey, "key" | "belongs">,
  members: readonly Member[],
): Promise<void> {
  await Promise.all(
    members.map(async (member) => {
      const record = await read(store, member.id);
      if (record === null || !belongs(record)) await store.entries.drop(key, member, record);
    }),
  );
}
