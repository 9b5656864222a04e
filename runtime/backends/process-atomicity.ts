import { SessionError } from "../platform/errors.js";
import { KeyedQueue } from "../platform/keyed-queue.js";
import { RecentIds } from "../platform/recent-ids.js";
import type { CallOptions, SessionBackend, SessionRecord } from "../types/backend.js";
import { LateWrites, type Steps } from "./late-writes.js";

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
 *
 * A driver that never answers a call, as some do whose connection changed at that moment, does not hold up the record
 * for ever: a turn ends soon after its caller's deadline. A write that arrives after all is put right.
 */
export function withProcessAtomicity(place: PlainPlace): SessionBackend<NoAbilities> {
  const { queue, tombstones, lateWrites } = turnsOf(place.client);
  const steps = createSteps(place, lateWrites);
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
      const existing = tombstones.has(id) ? null : await steps.get(id, signal);
      const next = change(existing);
      if (typeof next === "boolean") return next;
      // Deleted while it was being read.
      if (tombstones.has(id)) return false;
      await steps.set(next, signal);
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
    delete: (id, options) => {
      const signal = options?.signal;
      // At once: whatever becomes of the removal, nobody uses it here any more.
      tombstones.add(id);
      return queue.run(id, async () => {
        // Also where nothing is yet: what was sent before may still arrive.
        lateWrites.note(id, null);
        // Its turn may come when its deadline has passed, and the record must go all the same.
        const existing = await heard(place.get(id), signal, graceOfWrites);
        if (existing !== null) await steps.remove(id, signal);
        return existing !== null;
      });
    },
    exists: async (id) => (await present(id)) !== null,
  };
}

interface Turns {
  readonly queue: KeyedQueue;
  readonly tombstones: RecentIds;
  readonly lateWrites: LateWrites;
}

const turns = new WeakMap<object, Turns>();

function turnsOf(client: object): Turns {
  const known = turns.get(client);
  if (known !== undefined) return known;
  const queue = new KeyedQueue();
  const made = { queue, tombstones: new RecentIds(), lateWrites: new LateWrites(queue) };
  turns.set(client, made);
  return made;
}

/** None lasts much longer than the deadline of the turn's caller. */
function createSteps(place: PlainPlace, lateWrites: LateWrites): Steps {
  const steps: Steps = {
    get: (id, signal) => heard(place.get(id), signal, 0),
    async set(record, signal) {
      const writing = place.set(record);
      await heard(writing, signal, graceOfWrites, () => lateWrites.leave(steps, record, writing));
      lateWrites.note(record.id, record);
    },
    async remove(id, signal) {
      lateWrites.note(id, null);
      await heard(place.remove(id), signal, graceOfWrites);
    },
  };
  return steps;
}

function isSameWrite(existing: SessionRecord, record: SessionRecord): boolean {
  return existing.revision === record.revision && existing.writeId === record.writeId;
}

/** The answer, or a rejection when there is none so many milliseconds after the deadline. */
function heard<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
  grace: number,
  onSilence = (): void => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      end();
      onSilence();
      reject(new SessionError("timeout", "The place of the sessions did not answer."));
    };
    let timer = setTimeout(giveUp, longestSilence);
    const stop = (): void => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, grace);
    };
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
    answer.then(resolve, reject).finally(end);
  });
}

function late(): SessionError {
  return new SessionError("timeout", "The session's turn came after the deadline; nothing was changed.");
}

/** How long a write may take longer than its caller waits, before the next turn begins: most arrive by then. */
const graceOfWrites = 250;

/** How long a call may take whose caller has told no deadline. */
const longestSilence = 10_000;
