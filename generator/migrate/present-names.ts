import type { Kysely } from "kysely";
import { renameApplied } from "./applied-steps.js";

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

/** A branch that was joined may have run a step under another number. */
export async function underPresentNames(
  steps: StepNames,
  db: Kysely<unknown>,
  applied: readonly string[],
): Promise<readonly string[]> {
  const present: string[] = [];
  for (const from of applied) {
    const to = presentName(steps, from);
    const isNoted = present.includes(to) || (to !== from && applied.includes(to));
    if (to !== from) await renameApplied(db, { from, to, isNoted });
    if (!isNoted) present.push(to);
  }
  return present;
}
