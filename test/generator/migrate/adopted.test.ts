import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
let url: string;

const schema = (indexes: string): string =>
  schemaText(
    "userId: z.int().optional(), flag: z.boolean().default(false)",
    `${sqlite}, indexes: [${indexes}]`,
  );
const userId = { userId: { column: "user_id", type: "integer" } } as const;
const flag = { flag: { column: "flag", type: "boolean" } } as const;
const up = () => project.run("migrate", "up", "--url", url);

beforeEach(async () => {
  project = createProject({ "session.schema.ts": schema('"userId"') });
  url = join(project.folder, "sessions.sqlite");
  expect((await project.run()).code).toBe(0);
  project.write("session.schema.ts", schema('"userId", "flag"'));
  expect((await project.run()).code).toBe(0);
});
afterEach(() => project.remove());

async function createTable(columns: Parameters<typeof createDatabaseBackend>[0]["columns"] & object) {
  const backend = createDatabaseBackend({ dialect: "sqlite", url, columns });
  await backend.createTable();
  await backend.close();
}

function execute(...statements: readonly string[]): void {
  const database = new Database(url);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const byHand = (column = "header text not null"): string =>
  `create table sessions (id varchar(200) primary key, tenant text, revision bigint not null, write_id text not null,
   created_at bigint not null, expires_at bigint not null, ${column}, text text, bytes blob, user_id int, note text)`;

it("a table that createTable() made is taken for what it is", async () => {
  await createTable({ ...userId, ...flag });
  expect((await up()).log).toContain(
    "adopted 0001_create_sessions\nadopted 0002_add_flag\nThe table was there already, as these steps make it.\n",
  );
  expect((await project.run("migrate", "status", "--url", url)).code).toBe(0);
});

it("what it lacks is added: later steps run, and indexes are made", async () => {
  execute(byHand());
  const { log } = await up();
  expect(log).toContain("adopted 0001_create_sessions\napplied 0002_add_flag\n");
  const database = new Database(url, { readonly: true });
  const indexes = database
    .prepare("select name from sqlite_master where type = 'index' order by 1")
    .pluck()
    .all();
  database.close();
  expect(indexes).toEqual(
    expect.arrayContaining(["sessions_expires_at", "sessions_flag", "sessions_tenant", "sessions_user_id"]),
  );
});

it.each([
  [byHand("header blob not null"), "its column header is blob instead of text"],
  [
    byHand("header text not null, owner text not null"),
    "its column owner needs a value, which no session has",
  ],
  [byHand().replace("user_id int, ", ""), "it has no column user_id"],
  [byHand().replace("tenant text", "tenant text not null"), "its column tenant takes no null"],
  [byHand().replace(" primary key", ""), "its column id is not the primary key"],
])("another table is refused, with what differs: %s", async (statement, difference) => {
  execute(statement);
  const { code, log } = await up();
  expect(code).toBe(1);
  expect(log).toContain(
    `There is a table sessions already, and it is not the one that 0001_create_sessions makes: ${difference}. `,
  );
  expect((await project.run("migrate", "status", "--url", url)).out).toContain(
    "pending 0001_create_sessions",
  );
});

it("a person's own steps are not taken for done", async () => {
  project.write(
    "migrations/0003_mine.ts",
    'import { type Kysely, sql } from "kysely";\nexport const up = (db: Kysely<unknown>) => sql`create table mine (a)`.execute(db);\nexport const down = (db: Kysely<unknown>) => sql`drop table mine`.execute(db);\n',
  );
  await createTable({ ...userId, ...flag });
  expect((await up()).log).toContain("adopted 0002_add_flag\napplied 0003_mine\n");
});
