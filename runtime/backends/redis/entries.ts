import type { SessionRecord } from "../../types/backend.js";
import type { Commands, Member } from "./commands.js";
import type { Keys } from "./keys.js";
import { isFoundByNothing, toIndexedText } from "./record-value.js";
import { announceScript, dropScript, reserveScript, unlinkScript } from "./scripts.js";

/**
 * The members of indexes and rosters. Where a record has a value, its id is in the index of that value: it is put
 * there before the record is written, and taken out only when the record is seen without the value at the revision
 * that was announced or a later one, and nothing else was announced meanwhile. So a look-up never misses a record;
 * what it finds too much, it sees by the record.
 */
export interface Entries {
  /**
   * Announces a record that is about to be created. Answers when, "" when it is in no index, and `null`, announcing
   * nothing, when the roster is full.
   */
  announceNew(record: SessionRecord, roster?: Roster): Promise<string | null>;
  /** Announces a revision that is about to be saved in the indexes. */
  announce(record: SessionRecord, indexKeys: readonly string[]): Promise<void>;
  /** Takes out a member whose record was seen not to belong there, or not at all (`null`). Never fails: it is tried again. */
  drop(indexKey: string, member: Member, seen: { readonly revision: number } | null): Promise<void>;
  /** Takes out of a roster a record that was just saved as another tenant's. Never fails: whoever finds it takes it out too. */
  leave(rosterKey: string, saved: SessionRecord): Promise<void>;
  /** Takes a deleted record out. Never fails: whoever finds it takes it out too. */
  unlink(deleted: DeletedRecord): Promise<void>;
}

/** The index of a tenant's records, when only so many may be in it. */
export interface Roster {
  readonly key: string;
  readonly max: number;
}

/** What the script of a deletion tells. */
export interface DeletedRecord extends LastSign {
  readonly indexedText: string;
}

/** Until when an id may have been announced, as time and as revision, for what is over. */
interface LastSign {
  readonly id: string;
  readonly time: string;
  readonly revision: string;
}

/** How many members more it takes until an index is tidied a little; twice as many are looked at then. */
const growth = 64;

/** `onGrowth` is told of an index now and then as it grows. */
export function createEntries(commands: Commands, keys: Keys, onGrowth: (indexKey: string) => void): Entries {
  const announceIn = async (key: string, id: string, revision: string): Promise<number> => {
    const answer = await commands.run(announceScript, key, id, revision);
    const [time, size] = Array.isArray(answer) ? answer.map(Number) : [];
    if (size !== undefined && size % growth === 0) onGrowth(key);
    return time ?? 0;
  };
  const reserve = async ({ key, max }: Roster, id: string): Promise<number> =>
    Number(await commands.run(reserveScript, key, id, max));
  const unlinkFrom = async (
    indexKeys: readonly string[],
    { id, revision, time }: LastSign,
  ): Promise<void> => {
    const unlinked = indexKeys.map((key) => commands.run(unlinkScript, key, id, revision, time));
    await Promise.all(unlinked).catch(() => {});
  };
  return {
    announceNew: async (record, roster) => {
      const indexKeys = keys.entries(record);
      const announced = indexKeys.map((key) =>
        key === roster?.key ? reserve(roster, record.id) : announceIn(key, record.id, ""),
      );
      const times = await Promise.all(announced);
      if (!times.includes(0)) return times.length === 0 ? "" : String(Math.min(...times));
      const time = String(Math.max(...times));
      await unlinkFrom(
        indexKeys.filter((key) => key !== roster?.key),
        { id: record.id, revision: "0", time },
      );
      return null;
    },
    announce: async (record, indexKeys) => {
      await Promise.all(indexKeys.map((key) => announceIn(key, record.id, String(record.revision))));
    },
    drop: async (indexKey, { id, score }, seen) => {
      // The write that was announced may be on its way. A record that cannot be read here is at revision 0.
      if (seen !== null && (seen.revision === 0 || score > seen.revision)) return;
      const isSeen = seen === null ? "0" : "1";
      await commands.run(dropScript, indexKey, id, String(score), isSeen).catch(() => {});
    },
    leave: (rosterKey, { id, revision }) =>
      unlinkFrom([rosterKey], { id, revision: String(revision), time: "inf" }),
    unlink: async ({ indexedText, ...lastSign }) => {
      if (indexedText !== "") await unlinkFrom(keys.entriesOf(indexedText), lastSign);
    },
  };
}

/** Remembers what records were last seen to be indexed by, so that a save knows what it changes without asking. */
export interface SeenEntries {
  note(record: SessionRecord): void;
  textOf(id: string): string | undefined;
  forget(id: string): void;
}

/** Remembers so many records; those that were seen last. */
export function createSeenEntries(maximum: number): SeenEntries {
  const texts = new Map<string, string>();
  return {
    note: (record) => {
      texts.delete(record.id);
      if (isFoundByNothing(record)) return;
      texts.set(record.id, toIndexedText(record));
      if (texts.size <= maximum) return;
      const [oldest] = texts.keys();
      if (oldest !== undefined) texts.delete(oldest);
    },
    textOf: (id) => texts.get(id),
    forget: (id) => void texts.delete(id),
  };
}
