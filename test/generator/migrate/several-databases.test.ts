import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

it("migrates each database of a backend that is made of several", async () => {
  const side = (file: string): string =>
    `database({ dialect: "sqlite", url: ${JSON.stringify(join("FOLDER", file))} })`;
  project = createProject();
  const backend = `backend: replicated({ primary: ${side("one.sqlite")}, secondary: ${side("other.sqlite")} })`;
  const schema = schemaText("userId: z.int().optional()", backend)
    .replaceAll("FOLDER", project.folder)
    .replace("memory }", "replicated }");
  project.write("session.schema.ts", schema);
  expect(await project.run()).toMatchObject({ code: 0 });
  expect((await project.run("migrate", "up", "--url", join(project.folder, "other.sqlite"))).log).toBe(
    "applied 0001_create_sessions\n",
  );
  expect(await project.run("migrate", "status")).toMatchObject({
    code: 1,
    out: "pending 0001_create_sessions\n",
  });
  expect((await project.run("migrate", "up")).log).toBe(
    "applied 0001_create_sessions (primary)\nNothing to do. (secondary)\n",
  );
  expect((await project.run("migrate", "status")).code).toBe(0);
});
