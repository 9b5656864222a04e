import type { FoundKey } from "./keys.js";
import { tidyIndex } from "./tidy.js";
import { readHead, remove, type Store } from "./writes.js";

/** Deletes what is over, and takes out of the indexes what has gone by itself. */
export interface Sweep {
  deleteExpired(now: number, limit: number): Promise<number>;
}

/** How many batches of keys, and keys of ours, one call looks at. */
const mostBatches = 200;
const mostKeys = 20_000;

/** A round over all keys, and what is left of its last batch. */
interface Round {
  readonly batches: AsyncGenerator<readonly string[]>;
  rest: readonly string[];
}

/**
 * Redis forgets records by itself some minutes after they are over; so a call does not have to see all of them. It
 * goes on where the last one stopped, until the limit is reached, a whole round shows no more, or it has seen enough.
 */
export function createSweep(store: Store): Sweep {
  const { commands, keys } = store;
  const start = (): Round => ({
    batches: commands.keys(keys.pattern("rit", commands.clientPrefix)),
    rest: [],
  });
  let parked: Round | undefined;

  return {
    deleteExpired: async (now, limit) => {
      let isNew = parked === undefined;
      let round = parked ?? start();
      parked = undefined;
      let deleted = 0;
      let seen = 0;
      for (let batch = 0; batch < mostBatches && seen < mostKeys; batch++) {
        if (round.rest.length === 0) {
          const { value, done } = await round.batches.next();
          if (done && isNew) return deleted;
          if (done) {
            isNew = true;
            round = start();
            continue;
          }
          round.rest = value;
        }
        const some = round.rest.slice(0, Math.max(1, limit - deleted));
        round.rest = round.rest.slice(some.length);
        seen += some.length;
        deleted += await sweepSome(store, some, now);
        if (deleted >= limit) break;
      }
      parked = round;
      return deleted;
    },
  };
}

async function sweepSome(store: Store, found: readonly string[], now: number): Promise<number> {
  const { commands, keys } = store;
  const answers = await Promise.all(
    found.map(async (name) => {
      const key = keys.read(name, commands.clientPrefix);
      if (key.kind === "record") return (await isOver(store, key, now)) && (await remove(store, key.id, now));
      await tidyIndex(store, key);
      return false;
    }),
  );
  return answers.filter(Boolean).length;
}

async function isOver(store: Store, { id }: FoundKey, now: number): Promise<boolean> {
  const head = await readHead(store, id);
  return head !== null && head.expiresAt <= now;
}
