import type { SessionContext } from "../session/context.js";

/** Tells the analytics of each token that was refused, and says so in the log: at once, then at most once a minute, so that nobody can fill it. */
export interface RefusalLog {
  note(): void;
}

const pause = 60_000;

/** The log of a kind. */
export function createRefusalLog({ name, clock, warn, analytics }: SessionContext): RefusalLog {
  let count = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  return {
    note() {
      count += 1;
      analytics?.note({ type: "invalid", what: "token", handle: null });
      const now = clock();
      if (now < quietUntil) return;
      const what = count === 1 ? `a ${name} token` : `${count} ${name} tokens`;
      warn(`Refused ${what}: forged, damaged, for another cookie, or of a retired key.`);
      count = 0;
      quietUntil = now + pause;
    },
  };
}
