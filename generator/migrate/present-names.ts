/** The names of steps. */
export interface StepNames {
  /** Those that there are. */
  readonly names: readonly string[];
  /** Those by names that they had in a branch. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The name that a step has now. */
export function presentName({ names, renamed }: StepNames, name: string): string {
  return names.includes(name) ? name : (renamed.get(name) ?? name);
}

/** A name that was noted, and the one that the step has now. */
export interface NameChange {
  readonly from: string;
  readonly to: string;
  /** Whether the step is noted under its present name too. */
  readonly isNoted: boolean;
}

/** A branch that was joined may have run a step under another number. `rename` notes it under its present one. */
export async function underPresentNames(
  steps: StepNames,
  noted: readonly string[],
  rename: (change: NameChange) => Promise<void>,
): Promise<readonly string[]> {
  const present: string[] = [];
  for (const from of noted) {
    const to = presentName(steps, from);
    const isNoted = present.includes(to) || (to !== from && noted.includes(to));
    if (to !== from) await rename({ from, to, isNoted });
    if (!isNoted) present.push(to);
  }
  return present;
}
