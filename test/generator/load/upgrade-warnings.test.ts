import { afterEach, beforeEach, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
  project.write(
    "session.upgrade.ts",
    'import { defineUpgrades } from "./generated/upgrades.js";\nexport default defineUpgrades({ visits: (old) => String(old) });\n',
  );
});
afterEach(() => project.remove());

const upgrade = 'backend: file({ directory: "./sessions" }), upgrade: "./session.upgrade.ts"';
const generate = (fields: string, options: string, ...flags: string[]) => {
  project.write("session.schema.ts", schemaText(fields, options).replace("memory }", "file, memory }"));
  return project.run(...flags);
};

it("says of a conversion of a field that never changed that nothing calls it", async () => {
  const text = "visits: z.string().optional()";
  await generate(text, 'backend: file({ directory: "./sessions" })');
  expect((await generate(`${text}, more: z.int().optional()`, upgrade)).log).toContain(
    "warning: upgrade: session.upgrade.ts converts visits, which is the same in every version of the model file: nothing calls it, and it does not compile; take the option and its file out",
  );
});

it("says nothing of one that a change needs, which --prune keeps", async () => {
  await generate("visits: z.int().optional()", 'backend: file({ directory: "./sessions" })');
  const text = "visits: z.string().optional()";
  expect((await generate(text, upgrade)).log).not.toContain("warning");
  await generate(`${text}, more: z.int().optional()`, upgrade);
  await generate(`${text}, more: z.int().optional(), most: z.int().optional()`, upgrade);
  expect((await project.run("--prune")).log).not.toContain("warning");
});
