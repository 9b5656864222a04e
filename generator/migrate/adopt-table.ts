import type { Kysely } from "kysely";
import { CommandError } from "../command.js";
import { noteApplied } from "./applied-steps.js";
import { type ExistingColumn, existingColumns, existingIndexes, type TablePlace } from "./existing-table.js";
import type { StepMigrations } from "./load-migrations.js";
import type { DialectName } from "./location.js";
import { recordChanges } from "./recorded-changes.js";
import { differences, type RecordedStep, surplus, type TableState, tableStates } from "./table-states.js";

/** What is known before a step runs. */
export interface AdoptionInput {
  readonly db: Kysely<unknown>;
  readonly dialect: DialectName;
  readonly migrations: StepMigrations;
  readonly applied: readonly string[];
  /** The step that would run next. */
  readonly next: string;
}

/**
 * Takes a table that is there already, though no step has made it, for what it is: the steps that lead to it are noted
 * as if they had run, and what it lacks of indexes is added. Answers their names; none when the next step makes no
 * table, or there is none in its way. Throws `CommandError` for another table, with what differs.
 */
export async function adoptTable(input: AdoptionInput): Promise<readonly string[]> {
  const { db, dialect, migrations, applied, next } = input;
  const first = migrations[next];
  const creation = (first && (await recordChanges(first, dialect)))?.find(({ does }) => does === "create");
  if (creation?.does !== "create") return [];
  const { schema } = creation.place;
  const steps: RecordedStep[] = [];
  for (const [name, migration] of Object.entries(migrations)) {
    if (name < next || applied.includes(name)) continue;
    steps.push({ name, changes: await recordChanges(migration, dialect) });
  }
  const states = tableStates(steps, creation.place);
  for (const table of new Set(states.map((state) => state.table))) {
    const place: TablePlace = { table, schema };
    const columns = await existingColumns(db, dialect, place);
    if (columns.length === 0) continue;
    const best = nearestState(
      states.filter((state) => state.table === table),
      columns,
      dialect,
    );
    if (best === undefined) continue;
    if (best.faults.length > 0) throw anotherTable(place, next, best.faults);
    await adopt(input, place, best.state);
    return best.state.steps;
  }
  return [];
}

/** Of those that it fits, the one that says most of it: what is nullable and not needed is in nobody's way. */
function nearestState(
  states: readonly TableState[],
  columns: readonly ExistingColumn[],
  dialect: DialectName,
): { readonly state: TableState; readonly faults: readonly string[] } | undefined {
  const [best] = states
    .map((state) => ({
      state,
      faults: differences(columns, state, dialect),
      surplus: surplus(columns, state),
    }))
    .sort(
      (one, other) =>
        one.faults.length - other.faults.length ||
        one.surplus - other.surplus ||
        other.state.steps.length - one.state.steps.length,
    );
  return best;
}

async function adopt(
  { db, dialect }: AdoptionInput,
  place: TablePlace,
  { steps, indexes }: TableState,
): Promise<void> {
  const present = await existingIndexes(db, dialect, place);
  for (const { name, query } of indexes) if (!present.includes(name)) await db.executeQuery(query);
  for (const step of steps) await noteApplied(db, step);
}

function anotherTable({ table }: TablePlace, step: string, faults: readonly string[]): CommandError {
  return new CommandError(
    `There is a table ${table} already, and it is not the one that ${step} makes: ${faults.join("; ")}. Rename it or make it fit, or name another table in the schema's database().`,
    1,
  );
}
