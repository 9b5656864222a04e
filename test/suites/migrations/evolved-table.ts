import { join } from "node:path";
import { sql } from "kysely";
import { loadMigrations, type StepMigrations } from "../../../generator/migrate/load-migrations.js";
import type { DialectName } from "../../../generator/migrate/location.js";
import type { MigrationDatabase } from "../../../generator/migrate/migration-database.js";
import { createStepMigrator } from "../../../generator/migrate/migrator.js";
import { openDatabase } from "../../../generator/migrate/open-database.js";
import { createProject, schemaText, type TestProject } from "../../generator/commands/project.js";
import { catalogOf } from "./catalog.js";

/** A table that has seen every kind of step: an index more, another name, an index less, and one more after it. */
export interface EvolvedTable {
  readonly project: TestProject;
  /** Makes the database what it is at the start or at the end of the history, with the same sessions, or empty. */
  prepare(stage: TableStage): Promise<void>;
  /** What there is: the tables, and the sessions with what they are found by. */
  read(): Promise<Present>;
  /** The steps that the migrator takes for done. */
  applied(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type TableStage = "empty" | "first" | "last";

export interface Present {
  readonly catalog: readonly unknown[];
  readonly sessions: readonly unknown[];
}

/** The steps of the history, of which the first makes the table. */
export const steps = [
  "0001_create_sessions",
  "0002_add_theme",
  "0003_rename_sessions",
  "0004_drop_user_id",
  "0005_add_flag",
] as const;

const fields =
  "userId: z.int().optional(), theme: z.string().max(9).optional(), flag: z.boolean().default(false)";

/** The schema from which a step of the history came, the last one when left out. */
export function evolvedSchema(dialect: DialectName, { indexes, table }: Version = versions[3]): string {
  const backend = `database({ dialect: "${dialect}", url: env("TEST_DATABASE_URL"), table: "${table}" })`;
  return schemaText(fields, `backend: ${backend}, indexes: ${JSON.stringify(indexes)}`);
}

interface Version {
  readonly indexes: readonly string[];
  readonly table: string;
}

const versions = [
  { indexes: ["userId"], table: "sessions" },
  { indexes: ["userId", "theme"], table: "sessions" },
  { indexes: ["theme"], table: "accounts" },
  { indexes: ["theme", "flag"], table: "accounts" },
] as const;

/** A project whose schema has come so far, with its migrations. */
export async function createEvolvedProject(dialect: DialectName): Promise<TestProject> {
  const project = createProject();
  for (const version of versions) {
    project.write("session.schema.ts", evolvedSchema(dialect, version));
    const { code, log } = await project.run();
    if (code !== 0) throw new Error(log);
  }
  return project;
}

/** The table of such a project in a database of its own. */
export async function openEvolvedTable(
  project: TestProject,
  dialect: DialectName,
  url: string,
): Promise<EvolvedTable> {
  const migrations = await loadMigrations(join(project.folder, "migrations"));
  const database = openDatabase(dialect, { url, projectFolder: project.folder });
  const { db } = database;
  const read = async (): Promise<Present> => ({
    catalog: await catalogOf(db, dialect),
    sessions: await readSessions(database),
  });
  const prepare = async (stage: TableStage): Promise<void> => {
    for (const table of everyTable) await sql`drop table if exists ${sql.table(table)}`.execute(db);
    if (stage !== "empty") await fill(database, migrations);
    if (stage === "last") await createStepMigrator(database, migrations).up({ contract: true });
  };
  return {
    project,
    prepare,
    read,
    applied: async () => {
      const states = await createStepMigrator(database, migrations).status();
      return states.flatMap(({ name, applied }) => (applied ? [name] : []));
    },
    close: () => db.destroy(),
  };
}

const everyTable = ["sessions", "accounts", "session_gen_migration", "session_gen_migration_started"];

/** How many sessions there are. */
export const sessionCount = 20;

async function fill(database: MigrationDatabase, migrations: StepMigrations): Promise<void> {
  await createStepMigrator(database, migrations).up({ contract: false, last: steps[0] });
  for (let number = 0; number < sessionCount; number += 1) {
    const stored = { userId: number, theme: `t${number % 3}`, flag: number % 2 === 0 };
    await sql`
      insert into ${sql.table("sessions")} ${sql.raw(columns)} values (${`id-${number}`}, 1, 'aaaaaaaa', 1, ${8e15},
        '1;json;-;-;0000;session', ${JSON.stringify({ meta: { writes: "aaaaaaaa" }, fields: stored })}, ${number})`.execute(
      database.db,
    );
  }
}

const columns = "(id, revision, write_id, created_at, expires_at, header, text, user_id)";

async function readSessions({ db }: MigrationDatabase): Promise<readonly unknown[]> {
  for (const [table, found] of [
    ["sessions", "user_id"],
    ["accounts", "theme"],
  ] as const) {
    const query = sql`
      select id, text, ${sql.ref(found)} as found from ${sql.table(table)} where header like '%;session' order by 1`;
    const rows = await query.execute(db).then(
      (result) => result.rows,
      () => undefined,
    );
    if (rows !== undefined) return rows;
  }
  return [];
}
