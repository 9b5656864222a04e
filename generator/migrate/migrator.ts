import type { Kysely, Migration } from "kysely";
import { CommandError } from "../command.js";
import { adoptTable } from "./adopt-table.js";
import { noteApplied, noteUndone, openApplied, readApplied } from "./applied-steps.js";
import { assertMigration, isContract, type StepMigrations } from "./load-migrations.js";
import type { DialectName } from "./location.js";
import { presentName, type StepNames, underPresentNames } from "./present-names.js";

/** A migration, and whether it has run. */
export interface MigrationState {
  readonly name: string;
  readonly applied: boolean;
  /** It runs only with `--contract`. */
  readonly contract?: true;
}

/** What a run did. */
export interface MigrationRun {
  readonly done: readonly { readonly name: string; readonly how: "applied" | "undone" | "adopted" }[];
  /** The contract steps that were left out. */
  readonly waiting: readonly string[];
  /** A step that could not run, since it needs a contract step that was left out. */
  readonly blocked?: { readonly name: string; readonly by: string };
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

/** A database to migrate. */
export interface MigrationDatabase {
  readonly db: Kysely<unknown>;
  readonly dialect: DialectName;
  /** Whether a step that fails is undone. Else it goes on where it stopped when it is run again, as `resumable` makes it. */
  readonly undoesSteps: boolean;
  /** Works while no other process does so. A process that is killed holds nobody up. */
  exclusively<T>(work: (db: Kysely<unknown>) => Promise<T>): Promise<T>;
  /** The step, which leaves out what it finds done when it was begun before. */
  resumable(name: string, migration: Migration): Migration;
  /** Whether the step was begun before and did not come to its end. */
  isBegun(db: Kysely<unknown>, name: string): Promise<boolean>;
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
      const applied = await readApplied(database.db, database.dialect).catch(failReading);
      return toStates(
        migrations,
        applied.map((name) => presentName(run, name)),
      );
    },
    up: (options) => goUp(run, options),
    down: async () => ({ done: await undo(run, (applied) => applied.slice(-1), 1), waiting: [] }),
    downTo: async (name) => {
      assertMigration(name, names);
      const later = (applied: readonly string[]) => applied.filter((one) => byBytes(one, name) > 0).slice(-1);
      return { done: await undo(run, later, names.length), waiting: [] };
    },
  };
}

/** Each migration, in order, by what has run. */
export function toStates(migrations: StepMigrations, applied: readonly string[]): readonly MigrationState[] {
  return Object.entries(migrations)
    .sort(([one], [other]) => byBytes(one, other))
    .map(([name, step]) => ({
      name,
      applied: applied.includes(name),
      ...(isContract(step) && { contract: true as const }),
    }));
}

interface Run extends StepNames {
  readonly database: MigrationDatabase;
  readonly migrations: StepMigrations;
}

type Done = MigrationRun["done"][number];

const noStep = { up: async () => {} };

/** Names are compared as bytes, not by the language of the machine. */
function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

async function goUp(
  run: Run,
  options: { readonly contract: boolean; readonly last?: string },
): Promise<MigrationRun> {
  const done: Done[] = [];
  for (;;) {
    const taken = await alone(run, async (db, applied) => {
      const choice = choose(run, applied, options);
      if (choice.next === undefined) return { choice, made: [] };
      return { choice, made: await stepUp(run, { db, applied, next: choice.next }) };
    });
    done.push(...taken.made);
    const { next, waiting, blocked } = taken.choice;
    if (next === undefined) return { done, waiting, ...(blocked && { blocked }) };
  }
}

interface Choice {
  readonly next?: string;
  readonly waiting: readonly string[];
  readonly blocked?: { readonly name: string; readonly by: string };
}

/** The next step: contract steps are passed over unless they are asked for, and what needs one waits with it. */
function choose(
  { migrations, names }: Run,
  applied: readonly string[],
  { contract, last }: { readonly contract: boolean; readonly last?: string },
): Choice {
  const waiting: string[] = [];
  for (const name of names) {
    const step = migrations[name] ?? noStep;
    if (applied.includes(name)) continue;
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

async function stepUp(
  { database, migrations }: Run,
  {
    db,
    applied,
    next,
  }: { readonly db: Kysely<unknown>; readonly applied: readonly string[]; readonly next: string },
): Promise<readonly Done[]> {
  if (!(await database.isBegun(db, next))) {
    const { dialect } = database;
    const adopted = await adoptTable({ db, dialect, migrations, applied, next });
    if (adopted.length > 0) return adopted.map((name) => ({ name, how: "adopted" }));
  }
  await attempt(database, next, () => database.resumable(next, migrations[next] ?? noStep).up(db));
  await noteApplied(db, next);
  return [{ name: next, how: "applied" }];
}

/** Undoes one after the other, each as it is chosen of what has run by then. */
async function undo(
  run: Run,
  choose: (applied: readonly string[]) => readonly string[],
  most: number,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  while (done.length < most) {
    const undone = await alone(run, async (db, applied) => {
      const [name] = choose(applied);
      if (name === undefined) return undefined;
      const { down } = run.database.resumable(name, run.migrations[name] ?? noStep);
      if (down === undefined)
        throw new CommandError(`The migration ${name} has no function "down": it cannot be undone.`, 1);
      await attempt(run.database, name, () => down(db));
      await noteUndone(db, name);
      return name;
    });
    if (undone === undefined) break;
    done.push({ name: undone, how: "undone" });
  }
  return done;
}

/** Works alone with what has run so far. Throws `CommandError`, whatever goes wrong. */
async function alone<T>(
  run: Run,
  work: (db: Kysely<unknown>, applied: readonly string[]) => Promise<T>,
): Promise<T> {
  try {
    return await run.database.exclusively(async (db) => {
      const applied = await underPresentNames(run, db, await openApplied(db));
      const foreign = applied.find((name) => !run.names.includes(name));
      if (foreign !== undefined) throw anotherSchema(foreign);
      return await work(db, applied);
    });
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(reasonOf(error));
  }
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

function anotherSchema(foreign: string): CommandError {
  return new CommandError(
    `Another schema's migrations are applied in this database: ${foreign} is not in this folder. Schemas that share a database share one \`migrations\` folder.`,
  );
}

function failReading(error: unknown): never {
  throw new CommandError(`The database cannot be read: ${reasonOf(error)}`);
}

/** When every address of a host refuses, the message is empty. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
