/** Something whose processor time is told as a ratio to something else. */
export interface Comparison {
  readonly name: string;
  /** Is given a number from 0, which grows by one with each call since `prepare`. */
  readonly run: (index: number) => unknown;
  /** What it is compared with, which is measured before and after it. */
  readonly reference: () => unknown;
  /** Whether `run` gives a promise that is to be awaited. */
  readonly isAwaited?: boolean;
  /** What is done before so many calls of `run` that are awaited, and not measured. */
  readonly prepare?: { readonly every: number; readonly work: () => Promise<unknown> };
}

const rounds = 28;
/** What is not compiled yet is not counted. */
const warmUp = 8;
const repetitions = 2000;

/**
 * The ratio of what all rounds take together. Not the median of a ratio for each round: the collector runs in one of some
 * rounds only, and its time is part of the whole.
 */
export async function measureRatios(comparisons: readonly Comparison[]): Promise<Record<string, number>> {
  const sums = new Map(comparisons.map(({ name }) => [name, { run: 0, reference: 0 }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const comparison of comparisons) {
      const before = processorTime(comparison.reference);
      const run = comparison.isAwaited ? await awaitedTime(comparison) : processorTime(comparison.run);
      const reference = (before + processorTime(comparison.reference)) / 2;
      const sum = sums.get(comparison.name);
      if (round < warmUp || sum === undefined) continue;
      sum.run += run;
      sum.reference += reference;
    }
  }
  return Object.fromEntries([...sums].map(([name, { run, reference }]) => [name, run / reference]));
}

/** In microseconds, that of the collector and the compiler included. */
function processorTime(run: (index: number) => unknown): number {
  const start = process.cpuUsage();
  for (let count = 0; count < repetitions; count += 1) run(count);
  return since(start);
}

async function awaitedTime({ run, prepare }: Comparison): Promise<number> {
  const { every, work } = prepare ?? { every: repetitions, work: async () => {} };
  let sum = 0;
  for (let done = 0; done < repetitions; done += every) {
    await work();
    const start = process.cpuUsage();
    for (let count = 0; count < every; count += 1) await run(count);
    sum += since(start);
  }
  return sum;
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
