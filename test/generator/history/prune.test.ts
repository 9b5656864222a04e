import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ModelFile } from "../../../generator/history/model-file.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { createProject, type TestProject } from "../commands/project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const generate = async (fields: string, backend = inFolder(), ...flags: string[]) => {
  project.write(
    "session.schema.ts",
    `import { cookie, defineSession, env, file } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ ${fields} }), backend: ${backend} });
`,
  );
  return await project.run(...flags);
};

const inFolder = () => `file({ directory: ${JSON.stringify(join(project.folder, "sessions"))} })`;

const model = (): ModelFile => JSON.parse(project.read("session.model.json"));

/** Four versions, of which the first two each have a field that later ones do not. */
async function fourVersions(): Promise<ModelFile> {
  for (const field of ["a: z.int()", "b: z.string()", "c: z.boolean()", "d: z.date()"])
    expect((await generate(`${field}.optional()`)).code).toBe(0);
  expect(model().versions).toHaveLength(4);
  return model();
}

async function storeOne(shape: string, expiresAt: number): Promise<void> {
  const backend = createFileBackend({ directory: join(project.folder, "sessions") });
  const record = {
    id: `id-${shape}`,
    tenant: null,
    header: `1;json;-;-;${shape};session`,
    data: new Uint8Array(1),
  };
  await backend.create({ ...record, revision: 1, writeId: "w", createdAt: 1, expiresAt, indexed: {} });
  await backend.close?.();
}

test("--prune drops old versions that no session has, and keeps the last two", async () => {
  const { versions } = await fourVersions();
  await storeOne(versions[0]?.shape ?? "", 1);
  const { code, log } = await project.run("--prune");
  expect(code).toBe(0);
  for (const version of versions.slice(0, 2)) expect(log).toContain(version.hash);
  expect(model().versions).toEqual(versions.slice(2));
  expect((await project.run("--check")).code).toBe(0);
  expect((await project.run("--prune")).log).toContain("No version is dropped");
});

test("what a living session has stays, with all that follows it", async () => {
  const { versions } = await fourVersions();
  await storeOne(versions[1]?.shape ?? "", Date.now() + 60_000);
  expect((await project.run("--prune")).code).toBe(0);
  expect(model().versions).toEqual(versions.slice(1));
});

test("numbers of dropped versions are never given again", async () => {
  await fourVersions();
  await project.run("--prune");
  expect(model().reserved).toEqual({ "": [1, 2, 3, 4] });
  expect((await generate("d: z.date().optional(), e: z.int().optional()")).code).toBe(0);
  expect(
    model()
      .versions.at(-1)
      ?.fields.map(({ number }) => number),
  ).toEqual([4, 5]);
  expect(model().reserved).toEqual({ "": [1, 2, 3, 4] });
});

test("what a dropped version stored is never the place of another field, and a value that comes back has its code", async () => {
  const versions = ['e: z.enum(["x", "y"]), a: z.int()', 'e: z.enum(["x"])', 'e: z.enum(["x"]), c: z.int()'];
  const last = `${versions[2]}.optional(), d: z.int()`;
  const optional = (fields: string): string => `${fields.replace("]),", "]).optional(),")}.optional()`;
  for (const fields of [...versions, last])
    expect((await generate(optional(fields), inFolder(), "--allow-breaking")).code).toBe(0);
  expect((await project.run("--prune")).code).toBe(0);
  expect(model().versions).toHaveLength(2);
  const again = optional(`${last.replace('"x"', '"x", "y"')}.optional(), a: z.int()`);
  expect((await generate(again)).code).toBe(0);
  const fields = model().versions.at(-1)?.fields ?? [];
  // Records that the dropped version wrote, and others have saved since, hold the old one still.
  expect(fields.find(({ name }) => name === "a")).toMatchObject({ number: 5, stored: "a~5" });
  expect(fields.find(({ name }) => name === "e")?.kind["values"]).toEqual([
    { code: 1, value: "x" },
    { code: 2, value: "y" },
  ]);
});

test("a version that an upgrade starts from stays while the upgrade does, whoever saved the sessions since", async () => {
  const upgraded = `${inFolder()}, upgrade: "./session.upgrade.ts"`;
  project.write(
    "session.upgrade.ts",
    `import { defineUpgrades } from "./generated/upgrades.js";
export default defineUpgrades({ a: (old) => Number(old) });
`,
  );
  expect((await generate("a: z.string().optional()")).code).toBe(0);
  const fields = ["a: z.int()", "b: z.int()", "c: z.int()"].map((field) => `${field}.optional()`);
  for (const count of [1, 2, 3])
    expect((await generate(fields.slice(0, count).join(", "), upgraded)).code).toBe(0);
  expect((await project.run("--prune")).log).toContain("or an upgrade starts from it");
  expect(model().versions).toHaveLength(4);
  expect((await generate(fields.join(", "), inFolder(), "--prune")).code).toBe(0);
  expect(model().versions).toHaveLength(2);
});

test("a store that no command can open keeps its versions", async () => {
  await fourVersions();
  const before = project.read("session.model.json");
  const { code, log } = await generate("d: z.date().optional()", 'cookie({ keys: env("KEYS") })', "--prune");
  expect(code).toBe(2);
  expect(log).toMatch(/^session-gen: .*cookie/);
  expect(project.read("session.model.json")).toBe(before);
});
