import { tidyIndex } from "./tidy.js";
import { readHead, remove, type Store } from "./writes.js";

/** Deletes what is over, and takes out of the indexes what has gone by itself. */
export interface Sweep {
  deleteExpired(now: number, limit: number): Promise<number>;
  /** Whether the last call stopped before it had seen every key. */
  isMidway(): boolean;
}

/** How long one call goes on, in milliseconds: well within the usual deadline, also where a batch takes its time. */
const patience = 600;

/** How many keys are looked at together. */
const atOnce = 500;

/** A round over all keys, what is left of its last batch, and how many records it has deleted. */
interface Round {
  readonly batches: AsyncGenerator<readonly string[]>;
  rest: readonly string[];
  deleted: number;
}

/**
 * Redis forgets records by itself some minutes after they are over; so a call does not have to see all of them. It
 * goes on where the last one stopped, until the limit is reached, a whole round shows no more, or its time has passed.
 */
export function createSweep(store: Store): Sweep {
  const { commands, keys } = store;
  const start = (): Round => ({
    batches: commands.keys(keys.pattern("rit", commands.clientPrefix)),
    rest: [],
    deleted: 0,
  });
  let parked: Round | undefined;

  return {
    isMidway: () => parked !== undefined,
    deleteExpired: async (now, limit) => {
      let round = parked ?? start();
      parked = undefined;
      let deleted = 0;
      const end = performance.now() + patience;
      do {
        if (round.rest.length === 0) {
          const { value, done } = await round.batches.next();
          if (done && round.deleted === 0) return deleted;
          if (done) {
            round = start();
            continue;
          }
          round.rest = value;
        }
        const some = round.rest.slice(0, atOnce);
        const over = await findOver(store, some, { now, end });
        const doomed = over.slice(0, limit - deleted);
        round.rest = [...over.slice(doomed.length), ...round.rest.slice(some.length)];
        const removed = await removeOver(store, doomed, now);
        round.deleted += removed;
        deleted += removed;
      } while (deleted < limit && performance.now() < end);
      parked = round;
      return deleted;
    },
  };
}

/** Until when records are over, by the runtime's clock, and when to stop, by `performance.now()`. */
interface Times {
  readonly now: number;
  readonly end: number;
}

/** The keys of records that are over; indexes among the keys are tidied. */
async function findOver(
  store: Store,
  found: readonly string[],
  { now, end }: Times,
): Promise<readonly string[]> {
  const { commands, keys } = store;
  const answers = await Promise.all(
    found.map(async (name) => {
      const key = keys.read(name, commands.clientPrefix);
      if (key.kind === "index") await tidyIndex(store, key, end);
      const head = key.kind === "record" ? await readHead(store, key.id) : null;
      return head !== null && head.expiresAt <= now;
    }),
  );
  return found.filter((_, at) => answers[at]);
}

/** Deletes them, unless they have been touched meanwhile; answers how many. */
async function removeOver(store: Store, found: readonly string[], now: number): Promise<number> {
  const { commands, keys } = store;
  const answers = await Promise.all(
    found.map((name) => remove(store, keys.read(name, commands.clientPrefix).id, now)),
  );
  return answers.filter(Boolean).length;
}
