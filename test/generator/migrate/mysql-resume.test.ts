import { join } from "node:path";
import { type Kysely, type KyselyPlugin, type Migration, sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadMigrations } from "../../../generator/migrate/load-migrations.js";
import { createStepMigrator } from "../../../generator/migrate/migrator.js";
import { openDatabase } from "../../../generator/migrate/open-database.js";
import { sharedServer } from "../../servers/shared-server.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

const server = await sharedServer("mysql");
let project: TestProject;
let url: string;
let admin: Kysely<unknown>;
let name: string;
let migrations: Readonly<Record<string, Migration>>;

beforeEach(async () => {
  const mysql = 'backend: database({ dialect: "mysql", url: env("TEST_DATABASE_URL") })';
  const schema = (indexes: string): string =>
    schemaText(
      "userId: z.int().optional(), flag: z.boolean().default(false)",
      `${mysql}, indexes: [${indexes}]`,
    );
  project = createProject({ "session.schema.ts": schema('"flag"') });
  await project.run();
  project.write("session.schema.ts", schema('"flag", "userId"'));
  expect((await project.run()).code).toBe(0);
  migrations = await loadMigrations(join(project.folder, "migrations"));
  expect(Object.keys(migrations)).toEqual(["0001_create_sessions", "0002_add_user_id"]);
  admin = openDatabase("mysql", { url: server, projectFolder: project.folder }).db;
  name = `r_${crypto.randomUUID().slice(0, 8)}`;
  await sql`create database ${sql.ref(name)}`.execute(admin);
  const own = new URL(server);
  own.pathname = name;
  url = own.href;
});

afterEach(async () => {
  await sql`drop database ${sql.ref(name)}`.execute(admin);
  await admin.destroy();
  project.remove();
});

/** Runs everything up or down; `diesBefore`: how many statements each migration has before its process is gone. */
async function run(direction: "up" | "down", diesBefore = Number.POSITIVE_INFINITY): Promise<void> {
  const dying = Object.entries(migrations).map(([step, { up, down }]): [string, Migration] => [
    step,
    {
      up: (db) => up(dieBefore(db, diesBefore)),
      down: async (db) => await down?.(dieBefore(db, diesBefore)),
    },
  ]);
  const database = openDatabase("mysql", { url, projectFolder: project.folder });
  try {
    const migrator = createStepMigrator(database, Object.fromEntries(dying));
    if (direction === "up") await migrator.up({ contract: false });
    else for (const _step of dying) await migrator.down();
  } finally {
    await database.db.destroy();
  }
}

function dieBefore(db: Kysely<unknown>, statements: number): Kysely<unknown> {
  let seen = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      seen += 1;
      if (seen >= statements) throw new Error("the process is gone");
      return result;
    },
  };
  return db.withPlugin(plugin);
}

it("goes on where it stopped, up and down, whichever statement was the last one", async () => {
  for (const last of [1, 2, 3, 4]) {
    await expect(run("up", last)).rejects.toThrow("the process is gone");
    await run("up", last).catch(() => {});
    await run("up");
    const { rows } = await sql`
      select distinct index_name as name from information_schema.statistics
      where table_schema = ${name} and table_name = 'sessions' order by 1`.execute(admin);
    expect(rows.map((row) => Object.values(row ?? {})[0])).toEqual([
      "PRIMARY",
      "sessions_expires_at",
      "sessions_flag",
      "sessions_tenant",
      "sessions_user_id",
    ]);
    await run("down", last).catch(() => {});
    await run("down");
    const { rows: left } = await sql`
      select table_name from information_schema.tables
      where table_schema = ${name} and table_name = 'sessions'`.execute(admin);
    expect(left).toEqual([]);
  }
});

it("does not take a table of the app's for its own, however often it is tried", async () => {
  await sql`create table ${sql.table(`${name}.sessions`)} (id integer)`.execute(admin);
  for (const attempt of [1, 2]) {
    await expect(run("up"), `attempt ${attempt}`).rejects.toThrow("it has no column tenant");
  }
});
