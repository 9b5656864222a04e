import { SessionError } from "../../platform/errors.js";
import { startTimeout } from "../../platform/start-timeout.js";

/** The answer, or `null` when so many milliseconds have passed. */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T | null> {
  let stop = (): void => {};
  const late = new Promise<null>((resolve) => {
    stop = startTimeout(milliseconds, () => resolve(null));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop();
  }
}

/** The answer, or `null` when there is none. */
export async function settled<T>(answer: Promise<T>): Promise<{ readonly value: T } | null> {
  try {
    return { value: await answer };
  } catch {
    return null;
  }
}

/** The error of a write that the secondary has not confirmed in time. */
export function unconfirmed(code: "unavailable" | "timeout"): SessionError {
  return new SessionError(code, "The secondary session backend has not confirmed a write.");
}

/** The outcome, or a rejection when the caller waits no longer; the work goes on, and nobody hears how it ends. */
export async function bounded(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(unconfirmed("timeout"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  work.catch(() => {});
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
