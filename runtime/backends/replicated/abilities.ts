import { passOnMidway } from "../../layers/layer.js";
import { SessionError } from "../../session-error.js";
import type {
  BackendAbilities,
  CallOptions,
  Limited,
  Listable,
  RecordPage,
  SessionBackend,
  SessionRecord,
  TenantLimit,
} from "../backend.js";
import { KeyedQueue } from "../keyed-queue.js";
import { isOutage, type Side } from "./side.js";
import { isTombstone } from "./tombstone.js";

export interface AbilitiesOptions {
  readonly primary: Side;
  readonly secondary: Side;
  /** Whether this process knows that a session was deleted which the secondary still has. */
  readonly isDeleted: (id: string) => boolean;
  /** Resolves when nothing waits to be copied, or too much does. */
  readonly drain: () => Promise<unknown>;
  /** Deletes what must make room: a session, or a tombstone. */
  readonly evict: (record: SessionRecord) => Promise<void>;
  readonly write: (
    record: SessionRecord,
    on: (backend: SessionBackend, signal?: AbortSignal) => Promise<boolean>,
    call: CallOptions | undefined,
  ) => Promise<boolean>;
}

/** What the primary can do; walks begin on the secondary while the primary is down, if it can do it too. */
export function replicatedAbilities(options: AbilitiesOptions): BackendAbilities {
  const { find, list, scan, sweep, limit } = options.primary.backend.abilities;
  const other = options.secondary.backend.abilities;
  return {
    ...(find && {
      find: { find: (query, call) => page(options, query, (on) => find.find(on, call), other.find?.find) },
    }),
    ...(list && {
      list: { list: (query, call) => page(options, query, (on) => list.list(on, call), other.list?.list) },
    }),
    ...(scan && {
      scan: { scan: (query, call) => page(options, query, (on) => scan.scan(on, call), other.scan?.scan) },
    }),
    ...(sweep && {
      sweep: {
        async deleteExpired(now, size, call) {
          // What waits would be copied afterwards.
          await options.drain();
          const some = Math.min(size, sweptAtOnce);
          const [count] = await Promise.all([
            options.primary.work(() => sweep.deleteExpired(now, some, call)),
            sweepSecondary(options.secondary, now, some),
          ]);
          return count;
        },
        ...passOnMidway(sweep),
      },
    }),
    ...(limit && { limit: limited(options, limit, list) }),
  };
}

/** A page of one side; the walk goes on where it began, since each side has cursors of its own. */
async function page<Query extends { readonly after?: string }>(
  { primary, secondary, isDeleted }: AbilitiesOptions,
  query: Query,
  onPrimary: (query: Query) => Promise<RecordPage>,
  onSecondary: ((query: Query) => Promise<RecordPage>) | undefined,
): Promise<RecordPage> {
  const { after } = query;
  const isSecond = after?.startsWith(secondMark) ?? false;
  const own = after === undefined ? query : { ...query, after: after.slice(1) };
  if (!isSecond) {
    try {
      return present(await primary.ask(() => onPrimary(own)), firstMark, () => false);
    } catch (error) {
      if (!isOutage(error) || after !== undefined || onSecondary === undefined) throw error;
    }
  }
  if (onSecondary === undefined) return { records: [] };
  return present(await secondary.ask(() => onSecondary(own)), secondMark, isDeleted);
}

function present(
  { records, next }: RecordPage,
  mark: string,
  isDeleted: (id: string) => boolean,
): RecordPage {
  const live = records.filter((record) => !isTombstone(record) && !isDeleted(record.id));
  return next === undefined ? { records: live } : { records: live, next: mark + next };
}

/** The copies of what is over, and tombstones that have had their time. */
async function sweepSecondary(secondary: Side, now: number, size: number): Promise<void> {
  const { sweep } = secondary.backend.abilities;
  if (sweep === undefined) return;
  try {
    await secondary.work(() => sweep.deleteExpired(now, size));
  } catch {
    // They are over for everyone, swept or not.
  }
}

/**
 * The oldest sessions of a full tenant are deleted here, one by one, since what the primary removes by itself
 * would live on as a copy. Whether there is room is still for the primary to say, in one atomic step; while it is
 * down and the secondary takes writes, nobody counts.
 */
function limited(options: AbilitiesOptions, limit: Limited, list: Listable | undefined): Limited {
  const turns = new KeyedQueue();
  const { backend } = options.primary;
  const within =
    (record: SessionRecord, room: TenantLimit, call: CallOptions | undefined) =>
    (side: SessionBackend, signal?: AbortSignal): Promise<boolean> =>
      // Copies are not counted.
      side === backend
        ? limit.createWithin(record, room, signal === undefined ? call : { signal })
        : side.create(record, call);
  return {
    async createWithin(record, room, call) {
      if (await options.write(record, within(record, { ...room, onLimit: "refuse" }, call), call))
        return true;
      const isTaken = (await options.primary.ask((side) => side.load(record.id))) !== null;
      if (isTaken || list === undefined) return false;
      return turns.run(room.tenant, async () => {
        for (let tries = 0; tries < mostTries; tries += 1) {
          const { tombstones, oldest } = await membersOf(options.primary, list, record, room);
          const mayGo = room.onLimit === "oldest" ? [...tombstones, ...oldest] : tombstones;
          for (const one of mayGo) await options.evict(one);
          if (await options.write(record, within(record, { ...room, onLimit: "refuse" }, call), call))
            return true;
          if (room.onLimit === "refuse") return false;
          if (call?.signal?.aborted) break;
        }
        throw new SessionError(
          "conflict",
          "A tenant's sessions are created too often to make room for one more.",
        );
      });
    },
  };
}

/** Who takes the room of a full tenant: tombstones that the secondary has not got yet, and the sessions that must go for one more. */
async function membersOf(
  primary: Side,
  list: Listable,
  record: SessionRecord,
  { tenant, max }: TenantLimit,
): Promise<{ readonly tombstones: readonly SessionRecord[]; readonly oldest: readonly SessionRecord[] }> {
  const members: SessionRecord[] = [];
  let after: string | undefined;
  do {
    const query = { tenant, limit: pageSize, ...(after !== undefined && { after }) };
    const { records, next } = await primary.ask(() => list.list(query));
    members.push(...records);
    after = next;
  } while (after !== undefined);
  const live = members.filter((one) => one.expiresAt > record.createdAt && !isTombstone(one));
  live.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  return {
    tombstones: members.filter(isTombstone),
    oldest: live.slice(0, Math.max(0, live.length + 1 - max)),
  };
}

const firstMark = "1";
const secondMark = "2";
const mostTries = 100;
const sweptAtOnce = 100;
const pageSize = 500;
