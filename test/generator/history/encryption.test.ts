import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

const fields = "userId: z.int().optional(), name: z.string().max(40).optional()";
const indexed = `${sqlite}, indexes: ["userId", "name"]`;
const encrypted = `${indexed}, encryption: { keys: env("KEYS") }`;

const generate = async (options: string) => {
  project.write("session.schema.ts", schemaText(fields, options));
  return await project.run();
};

it("encryption gets columns of its own by a migration, whatever the types, and leaves the others as they are", async () => {
  project = createProject();
  expect((await generate(indexed)).code).toBe(0);
  const url = join(project.folder, "sessions.sqlite");
  expect((await project.run("migrate", "up", "--url", url)).code).toBe(0);
  const shapeOf = () => /shapeHash: "(\w+)"/.exec(project.read("generated/sessions.ts"))?.[1];
  const before = shapeOf();

  expect((await generate(encrypted)).code).toBe(0);
  expect(shapeOf()).toBe(before);
  expect(project.read("generated/sessions.ts")).toContain('userId: { column: "user_id_hash", type: "text" }');
  const migration = project.read("migrations/0002_add_user_id_hash.ts");
  expect(migration).toContain('.addColumn("user_id_hash", type.key)');
  expect(migration).not.toContain("update");
  expect(project.read("migrations/index.ts")).toContain('"0003_add_name_hash"');
  expect((await project.run("migrate", "up", "--url", url)).code).toBe(0);
  expect((await project.run("--check")).code).toBe(0);

  // The columns of before have values of before: they go, and what comes back gets others.
  expect(project.read("migrations/0004_drop_user_id.ts")).toContain("export const contract = true;");
  expect((await generate(indexed)).code).toBe(0);
  expect(project.read("generated/sessions.ts")).toContain('userId: { column: "user_id_", type: "integer" }');
  expect(project.read("generated/sessions.ts")).toContain('lateIndexes: ["name", "userId"]');
});
