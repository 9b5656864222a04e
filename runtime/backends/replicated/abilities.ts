import { SessionError } from "../../platform/errors.js";
import { KeyedQueue } from "../../platform/keyed-queue.js";
import type {
  BackendAbilities,
  CallOptions,
  Limited,
  Listable,
  SessionBackend,
  SessionRecord,
  Sweepable,
  TenantLimit,
} from "../../types/backend.js";
import { type PagesOptions, pageOf } from "./pages.js";
import type { Side } from "./side.js";
import { isTombstone } from "./tombstone.js";

/** What the abilities of two sides are made of. */
export interface AbilitiesOptions extends PagesOptions {
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
  const { find: findCopies, list: listCopies, scan: scanCopies } = options.secondary.backend.abilities;
  return {
    ...(find && {
      find: {
        find: ({ field, value, limit, after }, call) =>
          pageOf(options, {
            after,
            onPrimary: (from) => find.find({ field, value, limit, ...from }, call),
            onSecondary: findCopies && ((from) => findCopies.find({ field, value, limit, ...from })),
            isAsked: ({ indexed }) => (indexed[field] ?? null) === value,
          }),
      },
    }),
    ...(list && {
      list: {
        list: ({ tenant, limit, after }, call) =>
          pageOf(options, {
            after,
            onPrimary: (from) => list.list({ tenant, limit, ...from }, call),
            onSecondary: listCopies && ((from) => listCopies.list({ tenant, limit, ...from })),
            isAsked: (record) => record.tenant === tenant,
          }),
      },
    }),
    ...(scan && {
      scan: {
        scan: ({ limit, after }, call) =>
          pageOf(options, {
            after,
            onPrimary: (from) => scan.scan({ limit, ...from }, call),
            onSecondary: scanCopies && ((from) => scanCopies.scan({ limit, ...from })),
            isAsked: () => true,
          }),
      },
    }),
    ...(sweep && { sweep: sweepBoth(options, sweep) }),
    ...(limit && { limit: limited(options, limit, list) }),
  };
}

/** What the primary swept counts; the secondary may have far more that is over, and is midway until it has none left. */
function sweepBoth({ primary, secondary, drain }: AbilitiesOptions, sweep: Sweepable): Sweepable {
  let isSecondaryMidway = false;
  return {
    async deleteExpired(now, size, call) {
      // What waits would be copied afterwards.
      await drain();
      const some = Math.min(size, sweptAtOnce);
      const [count, isMidway] = await Promise.all([
        primary.work(() => sweep.deleteExpired(now, some, call)),
        sweepSecondary(secondary, now, some),
      ]);
      isSecondaryMidway = isMidway;
      return count;
    },
    isMidway: () => isSecondaryMidway || sweep.isMidway?.() === true,
  };
}

/** The copies of what is over, and tombstones that have had their time. Whether more may be left. */
async function sweepSecondary(secondary: Side, now: number, size: number): Promise<boolean> {
  const { sweep } = secondary.backend.abilities;
  if (sweep === undefined) return false;
  try {
    return (await secondary.work(() => sweep.deleteExpired(now, size))) > 0 || sweep.isMidway?.() === true;
  } catch {
    // They are over for everyone, swept or not.
    return false;
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
    const { records, next } = await primary.askAtLength(() => list.list(query));
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

const mostTries = 100;
const sweptAtOnce = 100;
const pageSize = 500;
