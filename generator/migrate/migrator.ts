import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Kysely, Migration, MigrationResultSet } from "kysely";
import { tsImport } from "tsx/esm/api";
import { CommandError } from "../command.js";

/** A migration, and when it ran: `false` when it is pending. */
export interface MigrationState {
  readonly name: string;
  readonly applied: boolean;
}

/** Steps over the migrations of a folder, one at a time among all processes; each in a transaction of its own where the database has such. */
export interface StepMigrator {
  status(): Promise<readonly MigrationState[]>;
  /** The names of those that ran. Throws `CommandError` naming the one that failed; those before it stay. */
  up(): Promise<readonly string[]>;
  down(): Promise<readonly string[]>;
  to(name: string): Promise<readonly string[]>;
}

/** Names are compared as bytes, not by the language of the machine. */
const nameComparator = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** A database to migrate. */
export interface MigrationDatabase {
  readonly db: Kysely<unknown>;
  /** Whether a step that fails is undone. Else it goes on where it stopped when it is run again, as `resumable` makes it. */
  readonly undoesSteps: boolean;
  resumable(name: string, migration: Migration): Migration;
}

/** Kysely's migrator with tables of its own, so that it leaves the app's own migrations alone. */
export async function createStepMigrator(
  { db, undoesSteps, resumable }: MigrationDatabase,
  migrations: Readonly<Record<string, Migration>>,
): Promise<StepMigrator> {
  const { Migrator } = await importMigrator();
  const steps = Object.entries(migrations).map(([name, migration]) => [name, resumable(name, migration)]);
  const namesOf = (result: MigrationResultSet): readonly string[] => toNames(result, undoesSteps);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(steps) },
    migrationTableName: "session_gen_migration",
    migrationLockTableName: "session_gen_migration_lock",
    nameComparator,
  });
  const status = async (): Promise<readonly MigrationState[]> =>
    (await migrator.getMigrations().catch(failReading)).map(({ name, executedAt }) => ({
      name,
      applied: executedAt !== undefined,
    }));
  const up = async (last?: string): Promise<readonly string[]> => {
    const done: string[] = [];
    while (done.length === 0 || done.at(-1) !== last) {
      const names = namesOf(await migrator.migrateUp());
      if (names.length === 0) break;
      done.push(...names);
    }
    return done;
  };
  return {
    status,
    up: () => up(),
    down: async () => namesOf(await migrator.migrateDown()),
    to: async (name) => {
      const states = await status();
      assertMigration(
        name,
        states.map((state) => state.name),
      );
      if (states.some((state) => state.name === name && !state.applied)) return await up(name);
      return namesOf(await migrator.migrateTo(name));
    },
  };
}

/** The migrations of a folder by name, loaded. Throws `CommandError` when there are none, or one lacks `up`. */
export async function loadMigrations(folder: string): Promise<Readonly<Record<string, Migration>>> {
  const files = await readdir(folder).catch((): string[] => []);
  const names = files.flatMap((file) => /^(\d{4}_\w+)\.ts$/.exec(file)?.[1] ?? []).sort();
  if (names.length === 0)
    throw new CommandError(
      "There are no migrations. Run session-gen first; it writes them for a schema with a database.",
    );
  const loaded: [string, Migration][] = [];
  for (const name of names) {
    const module: unknown = await tsImport(pathToFileURL(join(folder, `${name}.ts`)).href, import.meta.url);
    if (!isMigration(module)) throw new CommandError(`The migration ${name} exports no function "up".`);
    loaded.push([name, module]);
  }
  return Object.fromEntries(loaded);
}

/** Throws `CommandError` unless a migration is among those there are. */
export function assertMigration(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new CommandError(`There is no migration "${name}". Those there are: ${names.join(", ")}.`);
}

/** Kysely 0.29 keeps the migrator under a path of its own; 0.28 has no such path. */
async function importMigrator(): Promise<Pick<typeof import("kysely"), "Migrator">> {
  const path = "kysely/migration";
  const module: unknown = await import(path).catch(() => import("kysely"));
  if (hasMigrator(module)) return module;
  throw new CommandError(
    "This version of kysely has no Migrator; session-gen works with kysely 0.28 and 0.29.",
  );
}

function hasMigrator(module: unknown): module is Pick<typeof import("kysely"), "Migrator"> {
  return (
    typeof module === "object" &&
    module !== null &&
    "Migrator" in module &&
    typeof module.Migrator === "function"
  );
}

function isMigration(module: unknown): module is Migration {
  return typeof module === "object" && module !== null && "up" in module && typeof module.up === "function";
}

/** Kysely's migrator never throws; what went wrong is in its result. */
function toNames({ error, results = [] }: MigrationResultSet, undoesSteps: boolean): readonly string[] {
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  const failed = results.find(({ status }) => status === "Error")?.migrationName;
  const reason = reasonOf(error);
  const [, foreign] = /previously executed migration (.+) is missing/.exec(reason) ?? [];
  if (foreign !== undefined) {
    throw new CommandError(
      `Another schema's migrations are applied in this database: ${foreign} is not in this folder. Schemas that share a database share one \`migrations\` folder.`,
    );
  }
  const outcome = undoesSteps ? "failed and was undone" : "failed; run it again to go on where it stopped";
  throw new CommandError(failed === undefined ? reason : `The migration ${failed} ${outcome}: ${reason}`, 1);
}

function failReading(error: unknown): never {
  throw new CommandError(`The database cannot be read: ${reasonOf(error)}`);
}

/** When every address of a host refuses, the message is empty. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
