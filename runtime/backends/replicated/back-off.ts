import { type Duration, toMilliseconds } from "../../platform/duration.js";
import { SessionError } from "../../platform/errors.js";
import { anyValue, assertTypes, duration } from "../../platform/options.js";

/** How a copy that failed is tried again, with jitter. */
export interface RetryOptions {
  /** How often a request tries it before it is answered, and the queue before it warns; 3 when left out. */
  readonly attempts?: number | undefined;
  /** Before the second try; doubled before each further one. 50 ms when left out. */
  readonly delay?: Duration | undefined;
  /** The longest wait; one second when left out. */
  readonly maxDelay?: Duration | undefined;
}

/** How long to wait after failures. */
export interface BackOff {
  readonly attempts: number;
  /** How long to wait after so many failures, in milliseconds: between half and the whole of what is due. */
  delayAfter(failures: number): number;
}

/** Throws `SessionError` `"config"` for impossible options. */
export function createBackOff(options: RetryOptions, random: () => number): BackOff {
  assertTypes("retry", options, { attempts: anyValue, delay: duration, maxDelay: duration });
  const { attempts = 3, delay = 0.05, maxDelay = "1s" } = options;
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    throw new SessionError("config", `retry.attempts must be a whole number of at least 1, not ${attempts}.`);
  const first = toMilliseconds(delay, "retry.delay");
  const longest = Math.max(first, toMilliseconds(maxDelay, "retry.maxDelay"));
  return {
    attempts,
    delayAfter: (failures) => Math.min(longest, first * 2 ** (failures - 1)) * (0.5 + random() / 2),
  };
}
