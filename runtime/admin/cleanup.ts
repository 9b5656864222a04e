import { type Duration, toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { anyValue, assertOptions, duration } from "../platform/options.js";
import type { SessionContext } from "../session/context.js";
import type { Sweepable } from "../types/backend.js";

/** What `Sessions` can do when its backend can delete expired records. */
export interface SessionCleanup {
  /** Deletes all expired sessions, `batchSize` (1,000) at a time, letting other work run in between; answers how many. */
  cleanupExpired(options?: { readonly batchSize?: number }): Promise<number>;
  /**
   * Does so now and then, one run after the other, at irregular intervals so that several processes do not all at
   * once. Answers how to stop it, after the batch at hand; it keeps no process alive.
   */
  startCleanup(options: { readonly every: Duration }): () => void;
}

/** The cleaning methods of `Sessions`, over a backend that can sweep. */
export function createCleanup(sweep: Sweepable, context: SessionContext): SessionCleanup {
  const clean = async (batchSize: number, isStopped: () => boolean): Promise<number> => {
    let total = 0;
    for (;;) {
      const deleted = await sweep.deleteExpired(context.clock(), batchSize);
      total += deleted;
      if (deleted > 0)
        context.analytics?.note({ type: "deleted", reason: "expired", count: deleted, handle: null });
      // One that answers in time, whatever is left, may stop before the batch is full, or before it has found any.
      if ((deleted === 0 && sweep.isMidway?.() !== true) || isStopped()) return total;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    async cleanupExpired(options = {}) {
      assertOptions("cleanupExpired", options, { batchSize: anyValue });
      const { batchSize = 1000 } = options;
      if (!Number.isSafeInteger(batchSize) || batchSize < 1)
        throw new SessionError("invalid", "batchSize must be a whole number of at least 1.");
      return clean(batchSize, () => false);
    },
    startCleanup(options) {
      assertOptions("startCleanup", options, { every: duration });
      const cleanNow = (isStopped: () => boolean): Promise<unknown> =>
        clean(1000, isStopped).catch(() =>
          context.warn(`Expired ${context.name} records could not be deleted; they will be tried again.`),
        );
      return repeat(cleanNow, toMilliseconds(options.every, "every"));
    },
  };
}

/** Node fires a longer timer at once. */
const longestDelay = 2 ** 31 - 1;

function repeat(action: (isStopped: () => boolean) => Promise<unknown>, interval: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const schedule = (): void => {
    if (isStopped) return;
    const delay = Math.min(longestDelay, interval * (0.8 + 0.4 * Math.random()));
    timer = setTimeout(() => void action(() => isStopped).then(schedule), delay).unref();
  };
  schedule();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
