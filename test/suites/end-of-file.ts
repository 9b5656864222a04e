const endings: (() => unknown)[] = [];

/**
 * Runs `end` when the test file that is running has ended, after its own hooks; the last one asked for comes first.
 * A module that several test files share asks here: a hook at its top would belong to the first file that imports it.
 */
export function atEndOfFile(end: () => unknown): void {
  endings.push(end);
}

/** Runs what was asked for, also after one failed, with whose error it rejects. */
export async function endFile(): Promise<void> {
  const failures: unknown[] = [];
  for (const end of endings.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
