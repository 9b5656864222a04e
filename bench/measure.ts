import { median } from "./statistics.js";

/** Something whose processor time is told as a ratio to something else. */
export interface Comparison {
  readonly name: string;
  readonly run: () => unknown;
  /** What it is compared with, which is measured before and after it. */
  readonly reference: () => unknown;
  /** Whether `run` gives a promise that is to be awaited. */
  readonly isAwaited?: boolean;
}

const rounds = 40;
/** What is not compiled yet is not counted. */
const warmUp = 8;
const repetitions = 2000;

/** The median over the rounds of each ratio. */
export async function measureRatios(comparisons: readonly Comparison[]): Promise<Record<string, number>> {
  const ratios = new Map(comparisons.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run, reference, isAwaited } of comparisons) {
      const before = processorTime(reference);
      const time = isAwaited ? await awaitedTime(run) : processorTime(run);
      const after = processorTime(reference);
      if (round >= warmUp) ratios.get(name)?.push((2 * time) / (before + after));
    }
  }
  return Object.fromEntries([...ratios].map(([name, list]) => [name, median(list)]));
}

/** In microseconds, that of the collector and the compiler included. */
function processorTime(run: () => unknown): number {
  const start = process.cpuUsage();
  for (let count = 0; count < repetitions; count += 1) run();
  return since(start);
}

async function awaitedTime(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  for (let count = 0; count < repetitions; count += 1) await run();
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
