import type { SessionContext } from "../session/context.js";

/** Says in the log that tokens were refused: at once, then at most once a minute, so that nobody can fill it. */
export interface RefusalLog {
  note(): void;
}

const pause = 60_000;

/** The log of a kind. */
export function createRefusalLog({ name, clock, warn }: SessionContext): RefusalLog {
  let count = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  return {
    note() {
      count += 1;
      const now = clock();
      if (now < quietUntil) return;
      warn(`Refused ${count} ${name} tokens: forged, damaged, for another cookie, or of a retired key.`);
      count = 0;
      quietUntil = now + pause;
    },
  };
}
