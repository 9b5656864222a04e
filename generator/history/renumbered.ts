import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TableHistory, TableMigration } from "./model-file.js";

/** The names that migrations had before branches were joined, as far as none has them now. */
export function formerNames(table: TableHistory | undefined): readonly string[] {
  const steps = table?.migrations ?? [];
  const present = new Set(steps.map(({ name }) => name));
  return steps.flatMap(({ formerly = [] }) => formerly).filter((name) => !present.has(name));
}

/**
 * The texts of migrations that are still in the folder under a former name, by the present one: a person may have
 * written in them. Not of those that come after a rename of the table, which names it otherwise than the branch did.
 */
export async function renumberedTexts(
  folder: string,
  table: TableHistory | undefined,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { name, formerly = [] } of beforeRenamed(table?.migrations ?? [])) {
    for (const former of formerly) {
      const text = await readFile(join(folder, `${former}.ts`), "utf8").catch((): undefined => undefined);
      if (text !== undefined && !texts.has(name)) texts.set(name, text.replaceAll("\r\n", "\n"));
    }
  }
  return texts;
}

function beforeRenamed(steps: readonly TableMigration[]): readonly TableMigration[] {
  const renaming = steps.findIndex(({ renames }) => renames !== undefined);
  return renaming < 0 ? steps : steps.slice(0, renaming + 1);
}
