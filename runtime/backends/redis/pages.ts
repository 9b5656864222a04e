import { SessionError } from "../../platform/errors.js";
import type { FindQuery, ListQuery, RecordPage, ScanQuery, SessionRecord } from "../../types/backend.js";
import type { Member } from "./commands.js";
import { createOrderedWalks, type OrderedWalks } from "./ordered-walks.js";
import { read, type Store } from "./writes.js";

/** Reads records in the order of their ids. */
export interface Pages {
  find(query: FindQuery): Promise<RecordPage>;
  list(query: ListQuery): Promise<RecordPage>;
  scan(query: ScanQuery): Promise<RecordPage>;
}

/** How many records are read at once, and how many of them one page may pass over. */
const mostAtOnce = 500;
const mostPassed = 5000;

/** How long one call looks for records, and then how long for those that are wanted, in milliseconds: within the usual deadline. */
const patience = 600;

/** A walk over members, and what a record must be to be on its pages. */
interface Walk {
  readonly name: string;
  readonly open: () => AsyncGenerator<readonly Member[]>;
  readonly isWanted: (record: SessionRecord) => boolean;
  /** Takes out of the index what does not belong there. */
  readonly tidy: (member: Member, seen: SessionRecord | null) => Promise<void>;
}

/** The pages of a store. */
export function createPages(store: Store): Pages {
  const { commands, keys, entries } = store;
  const walks = createOrderedWalks<Member>({
    stretchLength: 100_000,
    batchesPerCall: 200,
    patience,
    rememberedWalks: 8,
  });
  const overIndex = (key: string, isWanted: Walk["isWanted"]): Walk => ({
    name: key,
    open: () => commands.members(key),
    isWanted,
    tidy: (member, seen) => entries.drop(key, member, seen),
  });
  const overAll = (isWanted: Walk["isWanted"]): Walk => ({
    name: "",
    open: () => everyRecord(store),
    isWanted,
    tidy: async () => {},
  });
  return {
    find: async ({ field, value, ...query }) => {
      if (!keys.isIndexed(field)) {
        throw new SessionError("config", `The field ${field} is not among the indexes of the Redis backend.`);
      }
      const isWanted = (record: SessionRecord): boolean => (record.indexed[field] ?? null) === value;
      const walk = value === null ? overAll(isWanted) : overIndex(keys.index(field, value), isWanted);
      return readPage(store, walks, walk, query);
    },
    list: ({ tenant, ...query }) => {
      const isWanted = (record: SessionRecord): boolean => record.tenant === tenant;
      const walk = tenant === null ? overAll(isWanted) : overIndex(keys.tenant(tenant), isWanted);
      return readPage(store, walks, walk, query);
    },
    scan: (query) =>
      readPage(
        store,
        walks,
        overAll(() => true),
        query,
      ),
  };
}

async function* everyRecord({ commands, keys }: Store): AsyncGenerator<readonly Member[]> {
  const { clientPrefix } = commands;
  for await (const found of commands.keys(keys.pattern("r", clientPrefix))) {
    yield found.map((key) => ({ id: keys.read(key, clientPrefix).id, score: 0 }));
  }
}

async function readPage(
  store: Store,
  walks: OrderedWalks<Member>,
  walk: Walk,
  { after, limit }: ScanQuery,
): Promise<RecordPage> {
  const stretch = await walks.next(walk.name, after, walk.open);
  if ("next" in stretch) return { records: [], next: stretch.next };
  const { members, isWhole, search } = stretch;
  const records: SessionRecord[] = [];
  let passed = 0;
  const most = Math.min(members.length, mostPassed);
  const end = performance.now() + patience;
  while (passed < most && records.length < limit && (passed === 0 || performance.now() < end)) {
    const some = members.slice(passed, passed + Math.min(mostAtOnce, limit - records.length));
    records.push(...(await readSome(store, walk, some)));
    passed += some.length;
  }
  const last = members[passed - 1];
  if (last === undefined || (isWhole && passed === members.length)) return { records };
  walks.keep(walk.name, last.id, { members: members.slice(passed), isWhole, search });
  return { records, next: last.id };
}

async function readSome(
  store: Store,
  walk: Walk,
  members: readonly Member[],
): Promise<readonly SessionRecord[]> {
  const found = await Promise.all(
    members.map(async (member) => {
      const record = await read(store, member.id);
      if (record !== null && walk.isWanted(record)) return record;
      await walk.tidy(member, record);
      return null;
    }),
  );
  return found.filter((record) => record !== null);
}
