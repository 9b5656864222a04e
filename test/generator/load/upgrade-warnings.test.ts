import { afterEach, beforeEach, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const upgrade = 'backend: file({ directory: "./sessions" }), upgrade: "./session.upgrade.ts"';
const generate = (fields: string, options: string, ...flags: string[]) => {
  project.write("session.schema.ts", schemaText(fields, options).replace("memory }", "file, memory }"));
  return project.run(...flags);
};

it("says of a conversion that nothing calls it, once --prune has dropped what it was for", async () => {
  project.write(
    "session.upgrade.ts",
    'import { defineUpgrades } from "./generated/upgrades.js";\nexport default defineUpgrades({ visits: (old) => String(old) });\n',
  );
  await generate("visits: z.int().optional()", 'backend: file({ directory: "./sessions" })');
  const text = "visits: z.string().optional()";
  expect((await generate(text, upgrade)).log).not.toContain("warning");
  await generate(`${text}, more: z.int().optional()`, upgrade);
  await generate(`${text}, more: z.int().optional(), most: z.int().optional()`, upgrade);
  expect((await project.run("--prune")).log).toContain(
    "warning: upgrade: session.upgrade.ts converts visits, which is the same in every version of the model file: nothing calls it, and it does not compile; take the option and its file out",
  );
});
