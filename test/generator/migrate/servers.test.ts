import { Kysely, MysqlDialect, PostgresDialect, sql } from "kysely";
import mysql2 from "mysql2";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createDatabaseBackend,
  type DatabaseBackendOptions,
  type IndexColumn,
} from "../../../runtime/backends/database.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { sharedServer } from "../../servers/shared-server.js";
import { catalogOf } from "../../suites/migrations/catalog.js";
import { createEvolvedProject } from "../../suites/migrations/evolved-table.js";
import { assertOwnMigrator } from "../../suites/migrations/own-migrator.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

const fields =
  "userId: z.int().optional(), flag: z.boolean().nullable().optional(), ratio: z.number().optional(), name: z.string().max(9).optional()";
const columns: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  flag: { column: "flag", type: "boolean" },
  ratio: { column: "ratio", type: "real" },
  name: { column: "name", type: "text" },
};

const servers = {
  postgres: { url: await sharedServer("postgres"), open: openPostgres },
  mysql: { url: await sharedServer("mysql"), open: openMysql },
} as const;

describe.each(["postgres", "mysql"] as const)("session-gen migrate on %s", (dialect) => {
  const { open, url: server } = servers[dialect];
  let admin: Kysely<unknown>;
  let database: string;
  let url: string;
  let project: TestProject;
  let db: Kysely<unknown>;

  const schema = (options = ""): string =>
    schemaText(
      fields,
      `backend: database({ dialect: "${dialect}", url: env("TEST_DATABASE_URL") })${options}`,
    );

  beforeEach(async () => {
    database = `m_${crypto.randomUUID().slice(0, 8)}`;
    admin = open(server);
    await sql`create database ${sql.ref(database)}`.execute(admin);
    const target = new URL(server);
    target.pathname = database;
    url = target.href;
    db = open(url);
    project = createProject({
      "session.schema.ts": schema(', indexes: ["userId", "flag", "ratio", "name"]'),
    });
    expect((await project.run()).code).toBe(0);
  });

  afterEach(async () => {
    await db.destroy();
    await sql`drop database ${sql.ref(database)}`.execute(admin);
    await admin.destroy();
    project.remove();
  });

  const migrate = (...words: string[]) => project.run("migrate", ...words, "--url", url);

  it("goes up, tells so, and goes down; status and sql change nothing", async () => {
    const { out } = await project.run("migrate", "sql");
    expect(out).toContain(dialect === "mysql" ? "create table `sessions`" : 'create table "sessions"');
    expect(out).toContain(dialect === "mysql" ? "varbinary(1024)" : 'text collate "C"');
    expect(await migrate("status")).toMatchObject({ code: 1, out: "pending 0001_create_sessions\n" });
    expect(await catalogOf(db, dialect)).toEqual([]);
    expect((await migrate("up")).log).toBe("applied 0001_create_sessions\n");
    expect(await migrate("status")).toMatchObject({ code: 0, out: "applied 0001_create_sessions\n" });
    expect((await migrate("up")).log).toBe("Nothing to do.\n");
    expect((await migrate("down")).log).toBe("undone  0001_create_sessions\n");
    expect(await catalogOf(db, dialect)).toEqual([]);
    expect((await migrate("to", "0001_create_sessions")).log).toBe("applied 0001_create_sessions\n");
  });

  it("makes the table that the backend itself would make", async () => {
    await migrate("up");
    const migrated = await catalogOf(db, dialect);
    await migrate("down");
    const backend = createDatabaseBackend({ dialect, url, columns });
    await backend.createTable();
    await backend.close();
    expect(await catalogOf(db, dialect)).toEqual(migrated);
    expect(migrated.length).toBeGreaterThan(15);
  });

  it("finds sessions by an index that was added after they were stored, and forgets it on the way down", async () => {
    project.remove();
    project = createProject({ "session.schema.ts": schema() });
    await project.run();
    await migrate("up");
    await store("one", { userId: 7, flag: true, ratio: 0.5, name: "Ünïcödé" });
    await store("two", { flag: false });
    await store("three", { flag: null, name: "\u0000" });
    project.write("session.schema.ts", schema(', indexes: ["userId", "flag", "ratio", "name"]'));
    expect((await project.run()).code).toBe(0);
    expect((await migrate("up")).code).toBe(0);
    const backend = createDatabaseBackend({ dialect, url, columns });
    const idsOf = async (field: string, value: number | boolean | string | null): Promise<string[]> => {
      const { records } = await backend.abilities.find.find({ field, value, limit: 10 });
      // Beside the sessions is what the versions tell each other of their indexes.
      return records.flatMap(({ id, header }) => (header.endsWith(":indexes") ? [] : [id]));
    };
    expect(await idsOf("userId", 7)).toEqual(["one"]);
    expect(await idsOf("flag", true)).toEqual(["one"]);
    expect(await idsOf("flag", false)).toEqual(["two"]);
    expect(await idsOf("flag", null)).toEqual(["three"]);
    expect(await idsOf("ratio", 0.5)).toEqual(["one"]);
    expect(await idsOf("name", "Ünïcödé")).toEqual(["one"]);
    await backend.close();
    expect((await migrate("down")).log).toBe("undone  0005_add_name\n");
    expect(JSON.stringify(await catalogOf(db, dialect))).not.toContain("sessions_name");
  });

  it("keeps what came before a step that fails, and goes on when it is mended", async () => {
    const step = (second: string): string =>
      `import { type Kysely, sql } from "kysely";\nexport async function up(db: Kysely<unknown>) { await sql\`create table half (a integer)\`.execute(db); await db.schema.createIndex("half_a").on("half").column("a").execute(); await sql\`${second}\`.execute(db); }\n`;
    project.write("migrations/0002_more.ts", step("nonsense"));
    const { code, log } = await migrate("up");
    expect(code).toBe(1);
    expect(log).toContain("The migration 0002_more failed");
    expect((await migrate("status")).out).toBe("applied 0001_create_sessions\npending 0002_more\n");
    expect(JSON.stringify(await catalogOf(db, dialect)).includes("half")).toBe(dialect === "mysql");
    project.write("migrations/0002_more.ts", step("create table other (a integer)"));
    expect(await migrate("up")).toMatchObject({ code: 0, log: "applied 0002_more\n" });
    expect((await migrate("status")).code).toBe(0);
  });

  it("leaves a table to the version before, until contract steps are asked for", async () => {
    const place = { dialect, url } as const;
    const former = { ...place, columns: { userId: { column: "user_id", type: "integer" } } } as const;
    await migrate("up");
    await store("one", { userId: 7 }, { ...former, table: "sessions" });
    const backend = `backend: database({ dialect: "${dialect}", url: env("TEST_DATABASE_URL"), table: "accounts" })`;
    project.write("session.schema.ts", schemaText(fields, `${backend}, indexes: ["flag", "ratio", "name"]`));
    expect((await project.run()).code).toBe(0);
    expect((await migrate("up")).log).toContain("waiting 0002_rename_sessions, 0003_drop_user_id: ");
    const [old, now] = [
      createDatabaseBackend({ ...former, table: "sessions" }),
      createDatabaseBackend({ ...place, table: "accounts", formerTables: ["sessions"], columns: {} }),
    ];
    const found = async (): Promise<readonly string[]> =>
      (await old.abilities.find.find({ field: "userId", value: 7, limit: 9 })).records.map(({ id }) => id);
    expect([await found(), await now.exists("one")]).toEqual([["one"], true]);
    expect((await migrate("to", "0003_drop_user_id")).code).toBe(3);
    expect((await migrate("up", "--contract")).log).toContain(
      "applied 0002_rename_sessions\napplied 0003_drop_user_id\n",
    );
    await expect(found()).rejects.toMatchObject({ code: "config" });
    expect(await now.exists("one")).toBe(true);
    await store("two", { userId: 7 }, { ...place, table: "accounts" });
    expect((await migrate("to", "0001_create_sessions")).log).toBe(
      "undone  0003_drop_user_id\nundone  0002_rename_sessions\n",
    );
    expect([await found(), await now.exists("two")]).toEqual([["one", "two"], true]);
    for (const one of [old, now]) await one.close();
  });

  it("has files that a Kysely migrator of the app runs too", async () => {
    const evolved = await createEvolvedProject(dialect);
    await assertOwnMigrator(evolved, { dialect, url, db }).finally(() => evolved.remove());
  });

  it("says in one line what is wrong with a url, without its password", async () => {
    const secret = new URL(url);
    [secret.username, secret.password, secret.port] = ["nobody", "hunter2", "1"];
    for (const wrong of [secret.href, "sessions.sqlite", "sqlite://me:hunter2@host"]) {
      const { code, log } = await project.run("migrate", "up", "--url", wrong);
      expect(code).toBeGreaterThan(0);
      expect(log).toMatch(/^session-gen: .+\n$/);
      expect(log).not.toContain("hunter2");
    }
  });

  async function store(
    id: string,
    stored: Record<string, number | boolean | string | null>,
    options: DatabaseBackendOptions = { dialect, url },
  ): Promise<void> {
    const backend = createDatabaseBackend(options);
    await backend.create({
      id,
      tenant: null,
      header: "1;json;-;-;0000;session",
      data: jsonCodec({}).encode({ meta: { writes: "aaaaaaaa" }, fields: stored }),
      revision: 1,
      writeId: "aaaaaaaa",
      createdAt: 1,
      expiresAt: 2,
      indexed: options.columns?.["userId"] === undefined ? {} : { userId: stored["userId"] ?? null },
    });
    await backend.close();
  }
});

function openPostgres(url: string): Kysely<unknown> {
  return new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) });
}

function openMysql(url: string): Kysely<unknown> {
  return new Kysely({ dialect: new MysqlDialect({ pool: mysql2.createPool({ uri: url }) }) });
}
