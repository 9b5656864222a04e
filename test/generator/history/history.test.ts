import { afterEach, describe, expect, it } from "vitest";
import { withHash } from "../../../generator/history/model-file.js";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

const first = 'userId: z.int().optional(), theme: z.enum(["light", "dark"]).optional()';

async function start(fields: string, options: string): Promise<void> {
  project = createProject({ "session.schema.ts": schemaText(fields, options) });
  expect((await project.run()).code).toBe(0);
}

const change = async (fields: string, options: string) => {
  project.write("session.schema.ts", schemaText(fields, options));
  return await project.run();
};

const versions = () => JSON.parse(project.read("session.model.json")).versions;

describe("session.model.json", () => {
  it("is appended to: numbers and codes stay, whatever the order in the source", async () => {
    await start(first, sqlite);
    const before = project.read("session.model.json");
    const more =
      'theme: z.enum(["auto", "dark", "light"]).optional(), name: z.string().optional(), userId: z.int().optional()';
    expect((await change(more, sqlite)).code).toBe(0);
    const [one, two, ...rest] = versions();
    expect(rest).toEqual([]);
    expect([one]).toEqual(JSON.parse(before).versions);
    expect(two.parents).toEqual([one.hash]);
    expect(two.fields.map((field: { number: number; name: string }) => [field.number, field.name])).toEqual([
      [1, "userId"],
      [2, "theme"],
      [3, "name"],
    ]);
    expect(two.fields[1].kind.values).toEqual([
      { code: 1, value: "light" },
      { code: 2, value: "dark" },
      { code: 3, value: "auto" },
    ]);
  });

  it("stays as it is when only order or comments change", async () => {
    await start(first, sqlite);
    const before = project.read("session.model.json");
    await change(
      '\n/** Look. */\ntheme: z.enum(["dark", "light"]).optional(), userId: z.int().optional()',
      sqlite,
    );
    expect(project.read("session.model.json")).toBe(before);
    expect(project.read("generated/session.ts")).toContain("/** Look. */");
  });

  it.each([
    ["userId: z.string().optional(), theme: z.string().optional()", 1, "breaking"],
    [first.replace('"dark"', '"auto"'), 1, "breaking"],
    [first.replace("z.int()", "z.int().max(5)"), 1, "breaking"],
    [first.replace("userId", "accountId"), 3, "undecided"],
  ])("lets %s through to nothing", async (fields, code, word) => {
    await start(first, sqlite);
    const before = [project.read("session.model.json"), project.read("generated/session.ts")];
    const run = await change(fields, sqlite);
    expect(run.code).toBe(code);
    expect(run.log).toMatch(new RegExp(`^session\\.schema\\.ts:3:\\d+ ${word}: `));
    expect(run.log).toContain("Nothing was written.");
    expect([project.read("session.model.json"), project.read("generated/session.ts")]).toEqual(before);
    expect((await project.run("--check")).code).toBe(1);
  });

  it.each([
    first.replace("z.int()", "z.number()"),
    first.replace("z.int()", "z.int().nullable()"),
    first.replace("z.int().optional()", "z.int().default(5)"),
  ])("takes %s for a change that stored sessions survive", async (fields) => {
    await start(first, sqlite);
    expect((await change(fields, sqlite)).code).toBe(0);
    expect(versions()).toHaveLength(2);
  });

  it("adds a migration per new index, and keeps the columns of old ones", async () => {
    await start(first, sqlite);
    expect((await change(first, `${sqlite}, indexes: ["theme", "userId"]`)).code).toBe(0);
    expect(project.read("migrations/0002_add_theme.ts")).toContain(
      '.alterTable("sessions").addColumn("theme", type.key)',
    );
    expect(project.read("migrations/0003_add_user_id.ts")).toContain('.createIndex("sessions_user_id")');
    expect(project.read("migrations/index.ts")).toContain('"0003_add_user_id"');
    expect(versions().at(-1).indexes).toEqual(["theme:text", "userId:integer"]);
    expect((await change(first, `${sqlite}, indexes: ["userId"]`)).code).toBe(0);
    expect(project.read("migrations/0004_drop_theme.ts")).toContain("export const contract = true;");
    expect((await change(first, `${sqlite}, indexes: ["userId", "theme"]`)).code).toBe(0);
    expect(project.read("migrations/0005_add_theme_.ts")).toContain('.addColumn("theme_", type.key)');
  });

  it("creates the table when a database comes later, after a person's own migrations", async () => {
    await start(first, "backend: memory()");
    project.write("migrations/0007_mine.ts", "export async function up() {}\n");
    expect((await change(first, sqlite)).code).toBe(0);
    expect(project.read("migrations/0008_create_sessions.ts")).toContain('.createTable("sessions")');
    expect(project.read("migrations/index.ts")).toContain('"0007_mine"');
  });

  it("names both heads, and refuses conflict markers", async () => {
    await start(first, sqlite);
    const {
      versions: [version],
    } = JSON.parse(project.read("session.model.json"));
    const { hash: _, ...content } = version;
    const other = withHash({ ...content, shape: "0123456789abcdef" });
    const text = JSON.stringify({ versions: [version, other] });
    project.write("session.model.json", text);
    const { code, log } = await project.run();
    expect(code).toBe(3);
    expect(log).toContain(version.hash);
    expect(log).toContain(other.hash);
    expect((await project.run("--check")).code).toBe(1);
    project.write("session.model.json", `<<<<<<< ours\n${text}\n=======\n{}\n>>>>>>> theirs\n`);
    expect((await project.run()).code).toBe(3);
    expect(project.read("session.model.json")).toContain("<<<<<<<");
  });
});
