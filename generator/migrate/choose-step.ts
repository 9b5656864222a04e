import { isContract, type StepMigrations } from "./load-migrations.js";

/** The step that `up` runs next, and what it leaves out. */
export interface StepChoice {
  readonly next?: string;
  /** The contract steps that were passed over. */
  readonly waiting: readonly string[];
  readonly blocked?: { readonly name: string; readonly by: string };
}

/** Names are compared as bytes, not by the language of the machine. */
export function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The next step: contract steps are passed over unless they are asked for, and what needs one waits with it. */
export function chooseStep(
  { migrations, names }: { readonly migrations: StepMigrations; readonly names: readonly string[] },
  applied: readonly string[],
  { contract, last }: { readonly contract: boolean; readonly last?: string },
): StepChoice {
  const waiting: string[] = [];
  for (const name of names) {
    const step = migrations[name];
    if (step === undefined || applied.includes(name)) continue;
    if (last !== undefined && byBytes(name, last) > 0) break;
    if (isContract(step) && !contract) {
      waiting.push(name);
      continue;
    }
    const by = "after" in step && typeof step.after === "string" ? step.after : undefined;
    if (by !== undefined && waiting.includes(by)) return { waiting, blocked: { name, by } };
    return { next: name, waiting };
  }
  return { waiting };
}
