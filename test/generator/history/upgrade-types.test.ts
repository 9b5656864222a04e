import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { complaintsAbout, strictOptions } from "../../types/typed-program.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

const options = 'upgrade: "./session.upgrade.ts", backend: memory()';

/** What `age` was: nothing, a text, an integer, and yes or no. */
const shapes = ["", "age: z.string().optional()", "age: z.int().optional()", "age: z.boolean().optional()"];

let project: TestProject;
beforeEach(async () => {
  project = createProject();
  for (const age of shapes) {
    project.write("session.schema.ts", schemaText(`born: z.int().optional(), ${age}`, options));
    project.write(
      "session.upgrade.ts",
      `export default defineUpgrades({ ${age === "" ? "born" : "age"}: () => undefined });`,
    );
    const { code, log } = await project.run();
    expect(code, log).toBe(0);
  }
});
afterEach(() => project.remove());

/** What the compiler says of an app's upgrades, each in a file of its own. */
function complaints(...upgrades: readonly string[]): readonly string[] {
  const output = readdirSync(join(project.folder, "generated")).filter((name) => name.endsWith(".ts"));
  const files = output.map((name) => [`generated/${name}`, project.read(`generated/${name}`)] as const);
  const apps = upgrades.map((text, index) => [`app${index}.ts`, appText(text)] as const);
  const all = [...files, ...apps].map(([name, text]) => [join(project.folder, name), text]);
  const options = { ...strictOptions, isolatedDeclarations: false };
  return complaintsAbout(Object.fromEntries(all), options).map((text) =>
    text.slice(text.lastIndexOf("/") + 1),
  );
}

function appText(upgrades: string): string {
  return `import { defineUpgrades } from "./generated/upgrades.js";\nexport default defineUpgrades(${upgrades});\n`;
}

test("upgrades are typed from one version to the next, however they are written", () => {
  const found = complaints(
    "{ age: (old) => Number(old) > 17 }",
    "{ age: [(old) => old.length, (old) => old > 17] }",
    "{ age: [(old) => old.length, (old) => old > 17, (_, record) => (record.born ?? 2026) < 2009] }",
    "{ age: [(old) => old.length, (old) => old.length] }",
    "{ age: [(old) => old.length, (old) => old > 17, (_, record) => record.age] }",
  );
  expect(found).toEqual([
    expect.stringMatching(/^app3\.ts.*Property 'length' does not exist on type 'number'/),
    expect.stringMatching(/^app4\.ts.*Property 'age' does not exist on type 'SessionData1'/),
  ]);
});
