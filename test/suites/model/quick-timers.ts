/**
 * While it is in force, a pause of up to a second is over at once, and a longer one never: pauses between tries
 * only spread them, and deadlines are not what the model is about. Answers how to end it.
 */
export function useQuickTimers(): () => void {
  const { setTimeout: real } = globalThis;
  const quick = (work: () => void, milliseconds = 0): unknown => {
    if (milliseconds <= 1000) return setImmediate(work);
    const never = { ref: () => never, unref: () => never };
    return never;
  };
  globalThis.setTimeout = Object.assign(quick as typeof real, real);
  return () => {
    globalThis.setTimeout = real;
  };
}
