import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../generator/migrate/open-database.js";
import { createDatabaseBackend, type DatabaseBackendOptions } from "../../../runtime/backends/database.js";
import { createEvolvedProject } from "../../suites/migrations/evolved-table.js";
import { assertOwnMigrator } from "../../suites/migrations/own-migrator.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
let url: string;

const fields = "userId: z.int().optional(), theme: z.string().max(9).optional()";
const schema = (indexes: string, table = "sessions"): string =>
  schemaText(
    fields,
    `backend: database({ dialect: "sqlite", url: env("TEST_DATABASE_URL"), table: "${table}" }), indexes: [${indexes}]`,
  );

const migrate = (...words: string[]) => project.run("migrate", ...words, "--url", url);

async function generate(indexes: string, table?: string): Promise<void> {
  project.write("session.schema.ts", schema(indexes, table));
  expect((await project.run()).code).toBe(0);
}

const record = {
  tenant: null,
  header: "1;json;-;-;0000;session",
  data: new TextEncoder().encode('{"meta":{"writes":"aaaaaaaa"},"fields":{"userId":7}}'),
  revision: 1,
  writeId: "aaaaaaaa",
  createdAt: 1,
  expiresAt: Date.now() + 1e9,
};

/** Works as a version of the app does, over the table of its time. */
async function use(id: string, options: Partial<DatabaseBackendOptions>): Promise<readonly string[]> {
  const backend = createDatabaseBackend({ dialect: "sqlite", url, ...options });
  try {
    const indexed = { userId: 7 };
    if (!(await backend.exists(id))) await backend.create({ ...record, id, indexed });
    const { columns = {} } = options;
    if (!Object.hasOwn(columns, "userId")) return [];
    const { records } = await backend.abilities.find.find({ field: "userId", value: 7, limit: 9 });
    return records.map((found) => found.id);
  } finally {
    await backend.close();
  }
}

const userId = { userId: { column: "user_id", type: "integer" } } as const;

beforeEach(async () => {
  project = createProject();
  url = join(project.folder, "sessions.sqlite");
  await generate('"userId"');
  await migrate("up");
});
afterEach(() => project.remove());

describe("an index that goes", () => {
  it("stays for the version before, until the contract step is asked for", async () => {
    await generate("");
    const up = await migrate("up");
    expect(up).toMatchObject({ code: 0, out: "" });
    expect(up.log).toContain("Nothing to do.\nwaiting 0002_drop_user_id: run with --contract when");
    expect(await migrate("status")).toMatchObject({
      code: 1,
      out: "applied 0001_create_sessions\npending 0002_drop_user_id (needs --contract)\n",
    });
    expect(await use("one", { columns: userId })).toEqual(["one"]);
    expect((await migrate("to", "0002_drop_user_id")).code).toBe(3);
    expect((await migrate("up", "--contract")).log).toBe("applied 0002_drop_user_id\n");
    await expect(use("two", { columns: userId })).rejects.toMatchObject({ code: "config" });
    await use("two", {});
    expect((await migrate("down")).log).toBe("undone  0002_drop_user_id\n");
    expect(await use("one", { columns: userId })).toEqual(["one", "two"]);
  });

  it("does not keep what comes later waiting", async () => {
    await generate("");
    await generate('"theme"');
    const { code, log } = await migrate("up");
    expect(code).toBe(0);
    expect(log).toContain("applied 0003_add_theme\nwaiting 0002_drop_user_id");
    expect(await use("one", { columns: userId })).toEqual(["one"]);
    expect((await migrate("to", "0001_create_sessions")).log).toBe("undone  0003_add_theme\n");
    expect((await migrate("up", "--contract")).log).toContain(
      "applied 0002_drop_user_id\napplied 0003_add_theme\n",
    );
  });
});

describe("a table that gets another name", () => {
  it("is used by both versions until the contract step, and by the new one through it", async () => {
    await generate('"userId"', "accounts");
    const options = { table: "accounts", formerTables: ["sessions"], columns: userId };
    const generated = project.read("generated/sessions.ts");
    expect(generated).toContain('table: "accounts",\n      formerTables: ["sessions"],');
    expect((await migrate("up")).log).toContain("waiting 0002_rename_sessions");
    expect(await use("old", { columns: userId })).toEqual(["old"]);
    const live = createDatabaseBackend({ dialect: "sqlite", url, ...options });
    expect(await live.exists("old")).toBe(true);
    expect((await migrate("up", "--contract")).log).toContain("applied 0002_rename_sessions\n");
    expect(await live.exists("old")).toBe(true);
    expect(await use("new", options)).toEqual(["new", "old"]);
    await expect(use("old", { columns: userId })).rejects.toMatchObject({ code: "config" });
    expect((await migrate("down")).code).toBe(0);
    expect(await live.exists("new")).toBe(true);
    await live.close();
  });

  it("keeps waiting what needs its new name, and says so", async () => {
    await generate('"userId"', "accounts");
    await generate('"userId", "theme"', "accounts");
    const blocked = await migrate("up");
    expect(blocked.code).toBe(1);
    expect(blocked.log).toContain(
      "blocked 0003_add_theme: it comes after 0002_rename_sessions, which needs --contract.",
    );
    expect((await migrate("up", "--contract")).log).toContain(
      "applied 0002_rename_sessions\napplied 0003_add_theme\n",
    );
    expect((await migrate("status", "--json")).json).toMatchObject({
      status: "ok",
      migrations: [{ applied: true }, { applied: true, contract: true }, { applied: true }],
    });
  });
});

it("an index whose column no longer fits gets another one beside, and the old one goes by a contract step", async () => {
  project.write("session.schema.ts", schema('"userId"').replace("z.int()", "z.number()"));
  expect((await project.run()).code).toBe(0);
  expect(project.read("generated/sessions.ts")).toContain('userId: { column: "user_id_", type: "real" }');
  expect((await migrate("up")).log).toContain("applied 0002_add_user_id_\nwaiting 0003_drop_user_id");
  expect(await use("one", { columns: userId })).toEqual(["one"]);
});

it("tables are not moved to another schema", async () => {
  project.write("session.schema.ts", schema('"userId"').replace("table:", 'schema: "auth", table:'));
  const { code, log } = await project.run();
  expect(code).toBe(3);
  expect(log).toContain('The table would move from no schema to "auth".');
});

it("a Kysely migrator of the app runs every kind of step, and goes on where the command stopped", async () => {
  const evolved = await createEvolvedProject("sqlite");
  const { db } = openDatabase("sqlite", { url, projectFolder: evolved.folder });
  await migrate("down");
  await assertOwnMigrator(evolved, { dialect: "sqlite", url, db });
  await db.destroy();
  evolved.remove();
});
