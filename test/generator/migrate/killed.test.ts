import { join } from "node:path";
import { type Kysely, type KyselyPlugin, type Migration, sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadMigrations, type StepMigrations } from "../../../generator/migrate/load-migrations.js";
import type { DialectName } from "../../../generator/migrate/location.js";
import { createStepMigrator } from "../../../generator/migrate/migrator.js";
import { openDatabase } from "../../../generator/migrate/open-database.js";
import { sharedServer } from "../../servers/shared-server.js";
import { isNightly, patience } from "../../suites/faults/scale.js";
import { createEvolvedProject } from "../../suites/migrations/evolved-table.js";
import { openKilledMigrations, ways } from "../../suites/migrations/killed-migrations.js";
import type { Death } from "../../suites/migrations/killed-runner.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";
import { openMysql, type TestDatabase } from "../emit/databases.js";

const servers = { postgres: await sharedServer("postgres"), mysql: await sharedServer("mysql") };
let project: TestProject;
beforeAll(async () => {
  project = await createEvolvedProject("sqlite");
});
afterAll(() => project.remove());

const mysql = 'backend: database({ dialect: "mysql", url: env("TEST_DATABASE_URL") })';
const fields = "userId: z.int().optional(), flag: z.boolean().default(false)";

const dialects = ["sqlite", "postgres", "mysql"] as const;

/** A run takes one way in one of the databases; all of them are gone nightly, in each. */
const taken = isNightly ? { ways, dialects } : { ways: [anyOf(ways)], dialects: [anyOf(dialects)] };

describe.each(taken.dialects)("migrations on %s", (dialect) => {
  it.each(taken.ways)(
    "four runners of $killed that are killed at once leave what $next completes, from $from to $to",
    async (way) => {
      const migrations = await openKilledMigrations(project, dialect, urlOf(dialect));
      for (let round = 0; round < (isNightly ? 10 : 1); round += 1)
        await migrations.survive(way, [8, 16, 32, 64].map(anyDeath));
    },
    patience,
  );

  it.each(isNightly ? ways : [])(
    "a runner of $killed that is killed at any statement leaves what $next completes, from $from to $to",
    async (way) => {
      const migrations = await openKilledMigrations(project, dialect, urlOf(dialect));
      const statements = await migrations.statementsOf(way);
      expect(statements).toBeGreaterThan(5);
      const deaths = deathsAt(statements, dialect);
      for (const death of deaths) await migrations.survive(way, [death]);
      console.info(`${dialect}, ${way.killed}: ${statements} statements, ${deaths.length} deaths`);
    },
    patience,
  );
});

describe("a step that MySQL cannot undo", () => {
  let own: TestProject;
  let database: TestDatabase;
  let migrations: StepMigrations;

  beforeEach(async () => {
    own = createProject();
    for (const indexes of ['"flag"', '"flag", "userId"']) {
      own.write("session.schema.ts", schemaText(fields, `${mysql}, indexes: [${indexes}]`));
      expect((await own.run()).code).toBe(0);
    }
    migrations = await loadMigrations(join(own.folder, "migrations"));
    expect(Object.keys(migrations)).toEqual(["0001_create_sessions", "0002_add_user_id"]);
    database = await openMysql(servers.mysql);
  });
  afterEach(async () => {
    await database.drop();
    own.remove();
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
    const opened = openDatabase("mysql", { url: database.url, projectFolder: own.folder });
    try {
      const migrator = createStepMigrator(opened, Object.fromEntries(dying));
      if (direction === "up") await migrator.up({ contract: false });
      else for (const _step of dying) await migrator.down();
    } finally {
      await opened.db.destroy();
    }
  }

  it("goes on where it stopped, up and down, whichever statement was the last one", async () => {
    for (const last of [1, 2, 3, 4]) {
      await expect(run("up", last)).rejects.toThrow("the process is gone");
      await run("up", last).catch(() => {});
      await run("up");
      const { rows } = await sql`
      select distinct index_name as name from information_schema.statistics
      where table_schema = database() and table_name = 'sessions' order by 1`.execute(database.db);
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
      where table_schema = database() and table_name = 'sessions'`.execute(database.db);
      expect(left).toEqual([]);
    }
  });

  it("goes on with it under the number that it got when branches were joined", async () => {
    const opened = openDatabase("mysql", { url: database.url, projectFolder: own.folder });
    await createStepMigrator(opened, migrations).up({ contract: false, last: "0001_create_sessions" });
    await expect(run("up", 2)).rejects.toThrow("the process is gone");
    const joined = Object.entries(migrations).map(([step, work]) => [step.replace("0002", "0003"), work]);
    const renamed = new Map([["0002_add_user_id", "0003_add_user_id"]]);
    const migrator = createStepMigrator(opened, Object.fromEntries(joined), renamed);
    expect(await migrator.status()).toMatchObject([{ applied: true }, { applied: false }]);
    await migrator.up({ contract: false });
    expect(await migrator.status()).toMatchObject([{ applied: true }, { applied: true }]);
    await opened.db.destroy();
  });

  it("does not take a table of the app's for its own, however often it is tried", async () => {
    await sql`create table sessions (id integer)`.execute(database.db);
    for (const attempt of [1, 2]) {
      await expect(run("up"), `attempt ${attempt}`).rejects.toThrow("it has no column tenant");
    }
  });
});

function urlOf(dialect: DialectName): string {
  return dialect === "sqlite" ? join(project.folder, "killed.sqlite") : servers[dialect];
}

/** SQLite has done a statement when it answers: `during` one is `before` the next. */
function deathsAt(statements: number, dialect: DialectName): readonly Death[] {
  return Array.from({ length: statements }, (_, index) => index + 1).flatMap((at) => [
    { at, moment: "before" } as const,
    ...(dialect === "sqlite" && at < statements ? [] : [{ at, moment: "during" } as const]),
  ]);
}

function anyDeath(most: number): Death {
  return { at: 1 + Math.floor(Math.random() * most), moment: anyOf(["before", "during"]) };
}

function anyOf<T>(list: readonly [T, ...T[]]): T {
  return list[Math.floor(Math.random() * list.length)] ?? list[0];
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
