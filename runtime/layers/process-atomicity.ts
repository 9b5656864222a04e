import type { CallOptions, SessionBackend, SessionRecord } from "../backends/backend.js";
import { KeyedQueue } from "../backends/keyed-queue.js";
import { SessionError } from "../session-error.js";
import { RecentIds } from "./recent-ids.js";

/** A place that can only be overwritten: a cache, or a store of another library. */
export interface PlainPlace {
  /** What all that is done there passes through: what shares it takes turns. */
  readonly client: object;
  get(id: string): Promise<SessionRecord | null>;
  /** Puts the record there, whatever was there. */
  set(record: SessionRecord): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A backend that can do nothing beyond the six methods. */
export type NoAbilities = Readonly<Record<never, never>>;

/**
 * Compare-and-swap over a plain place, as far as this process goes: what changes one record takes turns, and an id
 * once deleted here stays so, whoever writes it again. Another process that writes the same record at the same time
 * may be overwritten, or overwrite.
 */
export function withProcessAtomicity(place: PlainPlace): SessionBackend<NoAbilities> {
  const { queue, tombstones } = turnsOf(place.client);
  const present = async (id: string): Promise<SessionRecord | null> =>
    tombstones.has(id) ? null : place.get(id);
  const inTurn = (
    id: string,
    options: CallOptions | undefined,
    change: (existing: SessionRecord | null) => SessionRecord | boolean,
  ): Promise<boolean> => {
    const signal = options?.signal;
    return queue.run(id, async () => {
      if (signal?.aborted === true) throw late();
      const next = change(await present(id));
      if (typeof next === "boolean") return next;
      // Deleted while it was being read.
      if (tombstones.has(id)) return false;
      await place.set(next);
      return true;
    });
  };

  return {
    atomicity: "process",
    abilities: {},
    create: (record, options) =>
      inTurn(record.id, options, (existing) => {
        if (existing === null) return !tombstones.has(record.id) && record;
        return isSameWrite(existing, record);
      }),
    load: present,
    save: (record, options) =>
      inTurn(record.id, options, (existing) => {
        if (existing === null) return false;
        return existing.revision === record.revision - 1 ? record : isSameWrite(existing, record);
      }),
    touch: (id, revision, expiresAt, options) =>
      inTurn(id, options, (existing) => existing?.revision === revision && { ...existing, expiresAt }),
    delete: (id) => {
      // At once: whatever becomes of the removal, nobody uses it here any more.
      tombstones.add(id);
      return queue.run(id, async () => {
        const existing = await place.get(id);
        if (existing !== null) await place.remove(id);
        return existing !== null;
      });
    },
    exists: async (id) => (await present(id)) !== null,
  };
}

interface Turns {
  readonly queue: KeyedQueue;
  readonly tombstones: RecentIds;
}

const turns = new WeakMap<object, Turns>();

function turnsOf(client: object): Turns {
  const known = turns.get(client) ?? { queue: new KeyedQueue(), tombstones: new RecentIds() };
  turns.set(client, known);
  return known;
}

function isSameWrite(existing: SessionRecord, record: SessionRecord): boolean {
  return existing.revision === record.revision && existing.writeId === record.writeId;
}

function late(): SessionError {
  return new SessionError("timeout", "The session's turn came after the deadline; nothing was changed.");
}
