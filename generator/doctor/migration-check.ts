import type { TableMigration } from "../history/model-file.js";
import type { LoadedModel } from "../load/load-model.js";
import { chooseStep } from "../migrate/choose-step.js";
import { loadMigrations, type StepMigrations } from "../migrate/load-migrations.js";
import { onEach, readStates, schemaDatabases } from "../migrate/schema-databases.js";
import { storedIndexes } from "../stores/stored-indexes.js";
import { type Finding, findingsOf } from "./finding.js";

/** Whether every migration has run on every database, and what those do that wait for `--contract`; nothing where there is no database. */
export async function checkMigrations(schema: LoadedModel): Promise<readonly Finding[]> {
  const place = schemaDatabases(schema);
  if (place === undefined) return [];
  const { ok, note, fix } = findingsOf("migrations");
  const migrations = await loadMigrations(place.folder);
  const { renamedSteps: renamed, steps } = await storedIndexes(schema);
  const each = await Promise.all(
    place.databases.map((database) => readStates(database, place, { migrations, renamed })),
  );
  const states = onEach(each);
  const applied = states.flatMap((state) => (state.applied && !state.foreign ? [state.name] : []));
  const ahead = states.flatMap((state) => (state.foreign ? [state.name] : []));
  const pending = Object.keys(migrations).filter((name) => !applied.includes(name));
  const { waiting, isBlocked } = withoutContract(migrations, applied);
  const due = pending.filter((name) => !waiting.includes(name));
  const contract = waiting.map(
    (name) => `${name} ${destructionBy(steps.find((step) => step.name === name))}`,
  );
  return [
    ...(pending.length === 0 ? [ok(`${applied.length} applied`)] : []),
    ...(due.length === 0
      ? []
      : [
          fix(
            `${due.length} pending, from ${due[0]} on. Run session-gen migrate up${isBlocked ? " --contract when no older version of the app runs any more: it comes after a step that waits for that" : ""}`,
          ),
        ]),
    ...(ahead.length === 0
      ? []
      : [
          note(
            `${ahead.join(", ")}: applied, and not in this folder. A newer version of the schema, or another branch, made it; this version works on the table, unless it was a contract step`,
          ),
        ]),
    ...contract.map((work) =>
      note(
        `${work}. Run session-gen migrate up --contract when no older version of the app runs any more: none works after it`,
      ),
    ),
  ];
}

/** What `up` without `--contract` leaves out, and whether it stops at a step that comes after one of those. */
function withoutContract(
  migrations: StepMigrations,
  applied: readonly string[],
): { readonly waiting: readonly string[]; readonly isBlocked: boolean } {
  const names = Object.keys(migrations);
  const seen = [...applied];
  for (;;) {
    const { next, waiting, blocked } = chooseStep({ migrations, names }, seen, { contract: false });
    if (next === undefined) return { waiting, isBlocked: blocked !== undefined };
    seen.push(next);
  }
}

/** A step that a person wrote says so itself. */
function destructionBy(step: TableMigration | undefined): string {
  if (step?.renames !== undefined)
    return `waits: it renames the table ${step.renames.from} to ${step.renames.to}, and destroys nothing`;
  if (step?.drops === undefined) return "waits: its file says what it does";
  return `waits: it drops the column ${step.drops.join(", ")} with what is in it; the sessions keep their fields`;
}
