import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { expect } from "vitest";
import type { DialectName } from "../../../generator/migrate/location.js";
import type { TestProject } from "../../generator/commands/project.js";
import { catalogOf } from "./catalog.js";
import { steps } from "./evolved-table.js";

/** A database that is empty at first. */
export interface OwnDatabase {
  readonly dialect: DialectName;
  readonly url: string;
  readonly db: Kysely<unknown>;
}

/**
 * The steps of an evolved project, run by the Kysely migrator of an app, up and down again; and gone on with where the
 * command stopped.
 */
export async function assertOwnMigrator(
  project: TestProject,
  { dialect, url, db }: OwnDatabase,
): Promise<void> {
  const imported: { readonly migrations: Record<string, Migration> } = await import(
    `${project.folder}/migrations/index.ts`
  );
  const provider = { getMigrations: async () => imported.migrations };
  const migrator = new Migrator({ db, provider });
  expect(await migrator.migrateToLatest()).toMatchObject({
    results: steps.map((migrationName) => ({ migrationName, status: "Success" })),
  });
  const own = await appsTables(db, dialect);
  for (const _step of steps) expect((await migrator.migrateDown()).error).toBeUndefined();
  expect(await appsTables(db, dialect)).toEqual([]);

  const migrate = (...words: string[]) => project.run("migrate", ...words, "--url", url);
  expect((await migrate("up")).log).toContain("applied 0002_add_theme\nblocked 0005_add_flag");
  const further = new Migrator({
    db,
    provider,
    migrationTableName: "session_gen_migration",
    allowUnorderedMigrations: true,
  });
  expect(await further.migrateToLatest()).toMatchObject({
    results: steps.slice(2).map((migrationName) => ({ migrationName, status: "Success" })),
  });
  expect(await appsTables(db, dialect)).toEqual(own);
  expect((await migrate("status")).code).toBe(0);
  expect((await migrate("to", steps[0])).code).toBe(0);
  await sql`drop table sessions`.execute(db);
}

async function appsTables(db: Kysely<unknown>, dialect: DialectName): Promise<readonly unknown[]> {
  const rows = await catalogOf(db, dialect);
  return rows.filter((row) => !JSON.stringify(row).includes("kysely_migration"));
}
