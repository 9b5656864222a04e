import { afterEach, describe, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

const both = ["--schema", "session.schema.ts", "--schema", "admin.schema.ts"];
const start = (): void => {
  project = createProject({
    "session.schema.ts": schemaText("a: z.int().optional()", sqlite),
    "admin.schema.ts": schemaText(
      "b: z.int().optional()",
      `${sqlite}, name: "adminSession", output: "./admin"`,
    ),
  });
};

/** Fresh: without what the last generation remembered. */
const check = async (): Promise<number> => {
  project.delete("node_modules/.cache");
  return (await project.run("--check", ...both)).code;
};

describe("two kinds with one folder of migrations", () => {
  it("number their migrations after each other, and the index knows of all", async () => {
    start();
    expect((await project.run(...both)).code).toBe(0);
    const index = project.read("migrations/index.ts");
    expect(index).toContain('"0001_create_sessions": ');
    expect(index).toContain('"0002_create_admin_sessions": ');
    expect(await check()).toBe(0);
  });

  it("may come one after the other: the migrations of one are no memory of the other", async () => {
    start();
    expect((await project.run()).code).toBe(0);
    expect((await project.run("--schema", "admin.schema.ts")).code).toBe(0);
    expect(project.read("migrations/index.ts")).toContain('"0002_create_admin_sessions": ');
    expect(await check()).toBe(0);
    project.delete("admin.model.json");
    project.delete("admin");
    expect((await project.run("--schema", "admin.schema.ts")).code).toBe(3);
  });
});
