import { setTimeout as pause } from "node:timers/promises";

export interface Patience {
  /** What is waited for, for the error. */
  readonly what: string;
  readonly milliseconds?: number;
}

/** Asks again and again until the answer is yes; a question that throws was answered with no. Unlike `expect.poll` it works outside a test. */
export async function until(
  question: () => Promise<boolean> | boolean,
  { what, milliseconds = 30_000 }: Patience,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      last = await within(deadline - performance.now(), question());
      if (last === true) return;
    } catch (error) {
      last = error;
    }
    await pause(25);
  }
  throw new Error(`In ${milliseconds} ms it did not come to this: ${what}.`, { cause: last });
}

/** What was promised, or a rejection after so many milliseconds; what is late then goes on unheard. */
export async function within<T>(milliseconds: number, promised: Promise<T> | T): Promise<T> {
  const late = new AbortController();
  const end = pause(milliseconds, undefined, late).then(() => {
    throw new Error(`No answer came in ${Math.round(milliseconds)} ms.`);
  });
  try {
    return await Promise.race([promised, end]);
  } finally {
    late.abort();
    await end.catch(() => {});
  }
}
