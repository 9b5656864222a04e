import type { Kysely, Migration } from "kysely";
import { CommandError } from "../command.js";
import { reasonOf } from "../failure-text.js";
import { adoptTable } from "./adopt-table.js";
import { noteApplied, noteUndone, openApplied, readApplied, renameApplied } from "./applied-steps.js";
import { renameBegun } from "./begun-steps.js";
import { byBytes, chooseStep } from "./choose-step.js";
import { assertMigration, isContract, type StepMigrations } from "./load-migrations.js";
import type { MigrationDatabase } from "./migration-database.js";
import { presentName, type StepNames, underPresentNames } from "./present-names.js";

/** A migration, and whether it has run. */
export interface MigrationState {
  readonly name: string;
  readonly applied: boolean;
  /** It runs only with `--contract`. */
  readonly contract?: true;
  /** It is applied, and not in this folder: another version of the schema made it. */
  readonly foreign?: true;
}

/** What a run did. */
export interface MigrationRun {
  readonly done: readonly { readonly name: string; readonly how: "applied" | "undone" | "adopted" }[];
  /** The contract steps that were left out. */
  readonly waiting: readonly string[];
  /** A step that could not run, since it needs a contract step that was left out. */
  readonly blocked?: { readonly name: string; readonly by: string };
  /** Steps of a newer version of the schema, which are applied and not in this folder. */
  readonly ahead?: readonly string[];
}

/** Steps over the migrations of a folder, one at a time among all processes; each in a transaction of its own where the database has such. */
export interface StepMigrator {
  status(): Promise<readonly MigrationState[]>;
  /** Up to the last one, or the one named. Throws `CommandError` naming the one that failed; those before it stay. */
  up(options: { readonly contract: boolean; readonly last?: string }): Promise<MigrationRun>;
  /** Undoes the one that ran last. */
  down(): Promise<MigrationRun>;
  /** Undoes all that come after this one. */
  downTo(name: string): Promise<MigrationRun>;
}

/** The steps over a database. What has run is noted in a table of their own, so that the app's own migrations are left alone. */
export function createStepMigrator(
  database: MigrationDatabase,
  migrations: StepMigrations,
  /** The present names of steps by names that they had in a branch. */
  renamed: ReadonlyMap<string, string> = new Map(),
): StepMigrator {
  const names = Object.keys(migrations).sort(byBytes);
  const run = { database, migrations, names, renamed };
  return {
    status: async () => {
      const notes = await readNotes(run).catch(failReading);
      return toStates(migrations, appliedOf(notes));
    },
    up: (options) => goUp(run, options),
    down: async () => ({ done: await undo(run, (present) => present.at(-1), 1), waiting: [] }),
    downTo: async (name) => {
      assertMigration(name, names);
      const later = (present: readonly string[]) => present.findLast((one) => byBytes(one, name) > 0);
      return { done: await undo(run, later, names.length), waiting: [] };
    },
  };
}

/** Each migration, in order, by what has run; then what has run and is not among them. */
export function toStates(migrations: StepMigrations, applied: readonly string[]): readonly MigrationState[] {
  const own = Object.entries(migrations)
    .sort(([one], [other]) => byBytes(one, other))
    .map(([name, step]) => ({
      name,
      applied: applied.includes(name),
      ...(isContract(step) && { contract: true as const }),
    }));
  const foreign = foreignOf(Object.keys(migrations), applied);
  return [...own, ...foreign.map((name) => ({ name, applied: true, foreign: true as const }))];
}

interface Run extends StepNames {
  readonly database: MigrationDatabase;
  readonly migrations: StepMigrations;
}

type Done = MigrationRun["done"][number];

/** What a database knows of its steps. */
interface StepNotes {
  /** Those that have run, in the order in which they did. */
  readonly noted: readonly string[];
  /** Those that stopped midway, up or down; on the way down they are still noted. */
  readonly begun: readonly string[];
}

function appliedOf({ noted, begun }: StepNotes): readonly string[] {
  return noted.filter((name) => !begun.includes(name));
}

function foreignOf(names: readonly string[], noted: readonly string[]): readonly string[] {
  return noted.filter((name) => !names.includes(name));
}

const noStep: Migration = { up: async () => {} };

async function goUp(
  run: Run,
  options: { readonly contract: boolean; readonly last?: string },
): Promise<MigrationRun> {
  const done: Done[] = [];
  for (;;) {
    const taken = await alone(run, async (db, notes) => {
      const choice = chooseStep(run, appliedOf(notes), options);
      const ahead = foreignOf(run.names, notes.noted);
      if (choice.next === undefined && ahead.length < notes.noted.length) return { choice, made: [], ahead };
      assertOwn(run, notes);
      if (choice.next === undefined) return { choice, made: [] };
      return { choice, made: await stepUp(run, { db, notes, next: choice.next }) };
    });
    done.push(...taken.made);
    const { ahead = [], choice } = taken;
    const { next, waiting, blocked } = choice;
    if (next === undefined)
      return { done, waiting, ...(blocked && { blocked }), ...(ahead.length > 0 && { ahead }) };
  }
}

async function stepUp(
  { database, migrations }: Run,
  { db, notes, next }: { readonly db: Kysely<unknown>; readonly notes: StepNotes; readonly next: string },
): Promise<readonly Done[]> {
  const isBegun = notes.begun.includes(next);
  if (!isBegun) {
    const { dialect } = database;
    const adopted = await adoptTable({ db, dialect, migrations, applied: notes.noted, next });
    if (adopted.length > 0) return adopted.map((name) => ({ name, how: "adopted" }));
  }
  await database.runStep(db, {
    name: next,
    isBegun,
    run: () => attempt(database, next, () => (migrations[next] ?? noStep).up(db)),
    note: async () => {
      if (!notes.noted.includes(next)) await noteApplied(db, next);
    },
  });
  return [{ name: next, how: "applied" }];
}

/** Undoes one after the other, each as it is chosen of what is there by then; what stopped midway comes first. */
async function undo(
  run: Run,
  choose: (present: readonly string[]) => string | undefined,
  most: number,
): Promise<readonly Done[]> {
  const { database } = run;
  const done: Done[] = [];
  while (done.length < most) {
    const undone = await alone(run, async (db, notes) => {
      assertOwn(run, notes);
      const name = choose([...appliedOf(notes), ...notes.begun]);
      if (name === undefined) return undefined;
      const { down } = run.migrations[name] ?? noStep;
      if (down === undefined)
        throw new CommandError(`The migration ${name} has no function "down": it cannot be undone.`, 1);
      await database.runStep(db, {
        name,
        isBegun: notes.begun.includes(name),
        run: () => attempt(database, name, () => down(db)),
        note: () => noteUndone(db, name),
      });
      return name;
    });
    if (undone === undefined) break;
    done.push({ name: undone, how: "undone" });
  }
  return done;
}

/** Works alone with what has run so far. Throws `CommandError`, whatever goes wrong. */
async function alone<T>(run: Run, work: (db: Kysely<unknown>, notes: StepNotes) => Promise<T>): Promise<T> {
  try {
    return await run.database.exclusively(async (db) => {
      const noted = await underPresentNames(run, await openApplied(db), (renaming) =>
        renameApplied(db, renaming),
      );
      const begun = await underPresentNames(run, await run.database.readBegun(db), (renaming) =>
        renameBegun(db, renaming),
      );
      return await work(db, { noted, begun });
    });
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(reasonOf(error));
  }
}

/** The same, as it is to be seen without changing anything. */
async function readNotes(run: Run): Promise<StepNotes> {
  const { db, dialect, readBegun } = run.database;
  const present = (name: string): string => presentName(run, name);
  return {
    noted: (await readApplied(db, dialect)).map(present),
    begun: (await readBegun(db)).map(present),
  };
}

async function attempt(
  { undoesSteps }: MigrationDatabase,
  name: string,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    const outcome = undoesSteps ? "failed and was undone" : "failed; run it again to go on where it stopped";
    throw new CommandError(`The migration ${name} ${outcome}: ${reasonOf(error)}`, 1);
  }
}

/** Refuses to change a table that steps have made which are not in this folder. */
function assertOwn({ names }: Run, { noted }: StepNotes): void {
  const [foreign] = foreignOf(names, noted);
  if (foreign === undefined) return;
  throw new CommandError(
    noted.some((name) => names.includes(name))
      ? `${foreign} is applied in this database and is not in this folder: a newer version of the schema, or another branch, made it. Undo it there with session-gen migrate down, or take that version's model file and migrations over first.`
      : `Another schema's migrations are applied in this database: ${foreign} is not in this folder. Schemas that share a database share one \`migrations\` folder.`,
  );
}

function failReading(error: unknown): never {
  throw new CommandError(`The database cannot be read: ${reasonOf(error)}`);
}
