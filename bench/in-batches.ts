/** Runs some work for each number below `count`, some at a time: few enough for a busy server to answer all of them in time. */
export async function inBatches(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  const size = 50;
  for (let start = 0; start < count; start += size) {
    const length = Math.min(size, count - start);
    await Promise.all(Array.from({ length }, (_, index) => work(start + index)));
  }
}
