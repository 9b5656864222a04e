/** Does something so many times, at most so many at once; the answers by number. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      answers[number] = await work(number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return answers;
}

/** Resolves after up to so many milliseconds, or at once: so that what races does not always meet in one order. */
export async function aMoment(most: number): Promise<void> {
  const milliseconds = Math.random() * most;
  if (milliseconds > 0.2) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
