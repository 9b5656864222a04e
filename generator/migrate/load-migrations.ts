import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Migration } from "kysely";
import { register } from "tsx/esm/api";
import { CommandError } from "../command.js";

/** A migration of Kysely's, and what ours say of themselves besides. */
export interface StepMigration extends Migration {
  /** Code from before it does not work after it: it runs only when that is asked for. */
  readonly contract?: unknown;
  /** The name of a step that must have run before it, though it is one that may be left out. */
  readonly after?: unknown;
}

/** Migrations by name, in order. */
export type StepMigrations = Readonly<Record<string, StepMigration>>;

/** The migrations of a folder by name, loaded. Throws `CommandError` when there are none, or one lacks `up`. */
export async function loadMigrations(folder: string): Promise<StepMigrations> {
  const names = await migrationNames(folder);
  if (names.length === 0)
    throw new CommandError(
      "There are no migrations. Run session-gen first; it writes them for a schema with a database.",
    );
  // One for all: each stays for as long as the process, and every later import goes through it.
  const loader = register({ namespace: `migrations-${randomUUID()}` });
  const loaded: [string, StepMigration][] = [];
  for (const name of names) {
    const url = pathToFileURL(join(folder, `${name}.ts`)).href;
    const module: unknown = await loader.import(url, url);
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

/** Whether a step runs only when that is asked for. */
export function isContract({ contract }: StepMigration): boolean {
  return contract === true;
}

async function migrationNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch((): string[] => []);
  return files.flatMap((file) => /^(\d{4}_\w+)\.ts$/.exec(file)?.[1] ?? []).sort();
}

function isMigration(module: unknown): module is StepMigration {
  return typeof module === "object" && module !== null && "up" in module && typeof module.up === "function";
}
