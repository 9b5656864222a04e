import { CommandError } from "../command.js";
import type { IndexColumn } from "../emit/index-columns.js";
import { type IndexHistory, indexHistory } from "../history/index-history.js";
import { readMemory } from "../history/memory.js";
import { storedName, type TableMigration } from "../history/model-file.js";
import { nextVersion } from "../history/next-version.js";
import type { LoadedModel } from "../load/load-model.js";

/** What a store keeps beside the sessions of a schema, as its generated code has it. */
export interface StoredIndexes {
  /** The indexed fields, as they are stored. */
  readonly fields: readonly string[];
  /** Their columns by stored name: a column keeps its name for ever. */
  readonly columns: Readonly<Record<string, Omit<IndexColumn, "field">>>;
  /** The names that the table had before. */
  readonly formerTables: readonly string[];
  readonly history: IndexHistory;
  /** The present names of migrations by names that they had in a branch. */
  readonly renamedSteps: ReadonlyMap<string, string>;
  /** The migrations that the schema's history wrote. */
  readonly steps: readonly TableMigration[];
}

/** Reads it from the schema's memory. Throws `CommandError` when that cannot be read: what is stored goes by it. */
export async function storedIndexes({ file, model }: LoadedModel): Promise<StoredIndexes> {
  const { file: known, obstacles } = await readMemory(file, async () => true);
  for (const { message } of obstacles) throw new CommandError(message);
  const next = nextVersion({ model, file: known, migrationNames: [] });
  const stored = new Map(next.head.fields.map((field) => [field.name, storedName(field)]));
  const steps = next.head.table?.migrations ?? [];
  return {
    fields: model.settings.indexes.map((name) => stored.get(name) ?? name),
    columns: Object.fromEntries(next.columns.map(({ field, ...column }) => [field, column])),
    formerTables: next.formerTables,
    history: indexHistory(next.file),
    renamedSteps: new Map(
      steps.flatMap(({ name, formerly = [] }) => formerly.map((former) => [former, name] as const)),
    ),
    steps,
  };
}
