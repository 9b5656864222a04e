import { type Duration, toMilliseconds } from "../platform/duration.js";

/** A clock that stands still until it is told to move: give it as the `clock` of sessions and backends. */
export interface FakeClock {
  /** The time it shows, in epoch milliseconds. */
  (): number;
  /** Moves it on by a duration as the schema writes them: `"5m"`, or a number of seconds (0.001 is a millisecond). */
  advance(duration: Duration): void;
  /** Sets it, backwards too: a Date, or epoch milliseconds. */
  set(time: Date | number): void;
}

/** A clock for tests. Starts at `start`: a Date, or epoch milliseconds; without it at 2026-01-01T00:00:00Z. */
export function fakeClock(start: Date | number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = Number(start);
  return Object.assign(() => now, {
    advance: (duration: Duration): void => {
      now += toMilliseconds(duration, "advance(duration)");
    },
    set: (time: Date | number): void => {
      now = Number(time);
    },
  });
}
