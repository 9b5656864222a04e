import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
let url: string;

const fields =
  "userId: z.int().optional(), flag: z.boolean().default(false), ratio: z.number().optional(), name: z.string().max(9).optional()";

beforeEach(async () => {
  project = createProject({
    "session.schema.ts": schemaText(fields, `${sqlite}, indexes: ["userId", "flag", "ratio", "name"]`),
  });
  url = join(project.folder, "sessions.sqlite");
  expect((await project.run()).code).toBe(0);
});
afterEach(() => project.remove());

/** Tables and indexes as SQLite itself keeps them. */
function definitions(file: string): readonly unknown[] {
  const database = new Database(file, { readonly: true });
  const rows = database
    .prepare(
      "select name, sql from sqlite_master where sql is not null and name not like 'session_gen%' order by name",
    )
    .all();
  database.close();
  return rows;
}

describe("session-gen migrate", () => {
  it.each([["down"], ["to", "0009_none"], ["status"]])("makes no database for %s", async (...words) => {
    const { code } = await project.run("migrate", ...words, "--url", url);
    expect(code).toBe({ down: 0, to: 2, status: 1 }[words[0] ?? ""]);
    expect(existsSync(url)).toBe(false);
  });

  it("makes the table that the backend itself would make", async () => {
    expect((await project.run("migrate", "up", "--url", url)).log).toBe("applied 0001_create_sessions\n");
    const other = join(project.folder, "other.sqlite");
    const backend = createDatabaseBackend({
      dialect: "sqlite",
      url: other,
      columns: {
        userId: { column: "user_id", type: "integer" },
        flag: { column: "flag", type: "boolean" },
        ratio: { column: "ratio", type: "real" },
        name: { column: "name", type: "text" },
      },
    });
    await backend.createTable();
    await backend.close();
    expect(definitions(url)).toEqual(definitions(other));
  });

  it("tells what is pending, and touches nothing to do so", async () => {
    const pending = await project.run("migrate", "status", "--url", url, "--json");
    expect(pending.code).toBe(1);
    expect(pending.json).toMatchObject({
      status: "stale",
      migrations: [{ name: "0001_create_sessions", applied: false }],
    });
    expect(existsSync(url)).toBe(false);
    await project.run("migrate", "up", "--url", url);
    expect(await project.run("migrate", "status", "--url", url)).toMatchObject({
      code: 0,
      out: "applied 0001_create_sessions\n",
    });
  });

  it("prints the SQL and runs nothing", async () => {
    const { code, out } = await project.run("migrate", "sql", "--url", url);
    expect(code).toBe(0);
    expect(out).toContain('create table "sessions"');
    expect(existsSync(url)).toBe(false);
    const asked = await project.run("migrate", "sql", "--url", url, "--json");
    expect({ code: asked.code, ...asked.json }).toMatchObject({ code: 2, status: "error" });
  });

  it("goes up again, down by one and to a name", async () => {
    project.write(
      "migrations/0002_mine.ts",
      'import { type Kysely, sql } from "kysely";\nexport const up = (db: Kysely<unknown>) => sql`create table mine (a)`.execute(db);\nexport const down = (db: Kysely<unknown>) => sql`drop table mine`.execute(db);\n',
    );
    expect((await project.run("migrate", "up", "--url", url)).log).toBe(
      "applied 0001_create_sessions\napplied 0002_mine\n",
    );
    expect((await project.run("migrate", "up", "--url", url)).log).toBe("Nothing to do.\n");
    expect((await project.run("migrate", "down", "--url", url)).log).toBe("undone  0002_mine\n");
    expect((await project.run("migrate", "to", "0002_mine", "--url", url)).log).toBe("applied 0002_mine\n");
    expect((await project.run("migrate", "to", "nowhere", "--url", url)).code).toBe(2);
  });

  it("undoes the migration that fails, keeps those before it, and names it", async () => {
    project.write(
      "migrations/0002_bad.ts",
      'import { type Kysely, sql } from "kysely";\nexport async function up(db: Kysely<unknown>) { await sql`create table half (a)`.execute(db); await sql`nonsense`.execute(db); }\n',
    );
    const { code, log } = await project.run("migrate", "up", "--url", url);
    expect(code).toBe(1);
    expect(log).toContain("The migration 0002_bad failed and was undone");
    expect(JSON.stringify(definitions(url))).not.toContain("half");
    expect((await project.run("migrate", "status", "--url", url)).out).toBe(
      "applied 0001_create_sessions\npending 0002_bad\n",
    );
  });

  it("reads the url from the environment only when it is there", async () => {
    const { code, log } = await project.run("migrate", "up");
    expect(code).toBe(2);
    expect(log).toBe(
      "session-gen: The environment variable TEST_DATABASE_URL is not set. Set it, or give --url.\n",
    );
  });

  it.each([
    ["postgres://me:secret@host/db", "up"],
    ["file:secret.sqlite", "status"],
    ["sqlite://secret", "down"],
  ])("refuses the URI %s, and does not repeat it", async (secret, step) => {
    const { code, log } = await project.run("migrate", step, "--url", secret);
    expect(code).toBe(2);
    const told = 'The url of an SQLite database is a file path or ":memory:", not a URI.';
    expect(log).toBe(`session-gen: ${told}\n`);
    process.env["TEST_DATABASE_URL"] = secret;
    const fromEnvironment = await project.run("migrate", step);
    delete process.env["TEST_DATABASE_URL"];
    const where = `session-gen: ${told} It is read from env("TEST_DATABASE_URL").\n`;
    expect(fromEnvironment).toMatchObject({ code, log: where });
  });

  it.each(["up", "down", "to"])("says at %s that another schema's migrations are applied", async (step) => {
    await project.run("migrate", "up", "--url", url);
    const options = `${sqlite}, name: "adminSession", output: "./admin", migrations: "./admin-migrations"`;
    project.write("admin.schema.ts", schemaText("a: z.int().optional()", options));
    const schema = ["--schema", "admin.schema.ts"];
    expect((await project.run(...schema)).code).toBe(0);
    const words = step === "to" ? ["to", "0001_create_admin_sessions"] : [step];
    const { code, log } = await project.run("migrate", ...words, "--url", url, ...schema);
    expect(code).toBe(2);
    expect(log).toBe(
      "session-gen: Another schema's migrations are applied in this database: 0001_create_sessions is not in this folder. Schemas that share a database share one `migrations` folder.\n",
    );
  });

  it("lists the faults of the schema with --json", async () => {
    project.write("session.schema.ts", schemaText("a: z.any().optional()", sqlite));
    const { code, json } = await project.run("migrate", "status", "--json");
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ file: "session.schema.ts", line: 3, column: expect.any(Number) }]);
  });

  it("is for databases: without one, up has nothing to do, and the others are refused", async () => {
    project.write("session.schema.ts", schemaText(fields));
    const up = await project.run("migrate", "up");
    expect(up).toMatchObject({ code: 0, log: "Nothing to do: the schema's backend has no database.\n" });
    for (const words of [["down"], ["status"], ["sql"], ["up", "--url", "other.sqlite"]]) {
      const { code, log } = await project.run("migrate", ...words);
      expect({ code, log }).toEqual({
        code: 2,
        log: "session-gen: The schema's backend has no database(), and migrations are for that.\n",
      });
    }
  });
});
