import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelFile } from "../../../generator/history/model-file.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

const before =
  "colour: z.string().optional(), visits: z.int().default(0), prefs: z.object({ size: z.int().optional() }).optional()";

let project: TestProject;
beforeEach(async () => {
  project = createProject({ "session.schema.ts": schemaText(before) });
  expect((await project.run()).code).toBe(0);
});
afterEach(() => project.remove());

const change = (fields: string, options?: string): void =>
  project.write("session.schema.ts", schemaText(fields, options));

const lastFields = () => {
  const { versions }: ModelFile = JSON.parse(project.read("session.model.json"));
  return versions.at(-1)?.fields.map(({ kind: _, default: __, ...place }) => place);
};

const [visits, prefs] = [
  { number: 2, name: "visits" },
  { number: 3, name: "prefs" },
];

describe("a field that goes while one of its type comes", () => {
  const after = before.replace("colour", "theme");

  test.each([
    ["--rename", "colour:theme", [{ number: 1, name: "theme", stored: "colour" }, visits, prefs]],
    ["--drop", "colour", [visits, prefs, { number: 4, name: "theme" }]],
  ])("is decided by %s %s, once and for all", async (flag, value, fields) => {
    change(after);
    expect((await project.run()).code).toBe(3);
    expect((await project.run(flag, value)).code).toBe(0);
    expect(lastFields()).toEqual(fields);
    expect((await project.run("--check")).code).toBe(0);
    expect((await project.run(flag, value)).code, "again").toBe(0);
  });

  test("is decided by the schema", async () => {
    change(after, 'renamed: { theme: "colour" }, backend: memory()');
    expect((await project.run()).code).toBe(0);
    expect(lastFields()?.[0]).toEqual({ number: 1, name: "theme", stored: "colour" });
  });

  test("is decided where the other one is computed by an upgrade", async () => {
    change(after, 'upgrade: "./session.upgrade.ts", backend: memory()');
    project.write(
      "session.upgrade.ts",
      "export default defineUpgrades({ theme: (_, { colour }) => colour?.toLowerCase() });\n",
    );
    expect((await project.run()).code).toBe(0);
    expect(lastFields()).toEqual([visits, prefs, { number: 4, name: "theme" }]);
    expect(project.read("generated/upgrades.ts")).toContain("theme?: (old: undefined, record: SessionData1)");
  });

  test("is a member: it has no new name, and may be dropped", async () => {
    change(before.replace("size:", "width:"));
    expect((await project.run()).log).toContain("--drop prefs.size");
    expect((await project.run("--drop", "prefs.size")).code).toBe(0);
    expect((await project.run("--drop", "prefs.size")).code, "again").toBe(0);
  });
});

describe("a change that breaks stored sessions", () => {
  const after = before.replace("visits: z.int().default(0)", 'visits: z.string().default("")');

  test("is made by --allow-breaking, in a place of its own", async () => {
    change(after);
    const run = await project.run("--json");
    expect(run).toMatchObject({ code: 1, json: { status: "breaking", files: [] } });
    expect((await project.run("--allow-breaking")).code).toBe(0);
    expect(lastFields()?.at(-1)).toEqual({
      number: 4,
      name: "visits",
      stored: "visits~4",
      follows: "visits",
    });
  });

  test("is answered by an upgrade, which is read and not run", async () => {
    change(after, 'upgrade: "./session.upgrade.ts", backend: memory()');
    expect((await project.run()).log).toContain("upgrade: there is no file ./session.upgrade.ts");
    project.write("session.upgrade.ts", "export default defineUpgrades({ visit: (old) => String(old) });\n");
    const mistaken = await project.run();
    expect(mistaken).toMatchObject({ code: 2 });
    expect(mistaken.log).toContain(
      "session.upgrade.ts:1:33 There is no field `visit`; did you mean `visits`?",
    );
    project.write("session.upgrade.ts", "export default defineUpgrades({ visits: (old) => String(old) });\n");
    expect((await project.run()).code).toBe(0);
    expect(lastFields()?.at(-1)?.stored).toBe("visits~4");
  });

  test("is every change under bincode, which reads one shape only", async () => {
    change(before, 'codec: "bincode", backend: memory()');
    expect((await project.run()).code).toBe(0);
    change(`${before}, more: z.int().optional()`, 'codec: "bincode", backend: memory()');
    expect(await project.run()).toMatchObject({
      code: 1,
      log: expect.stringContaining("reads records of this very shape only"),
    });
    expect((await project.run("--allow-breaking")).code).toBe(0);
  });
});

test("a removal is written without a flag, and stays reserved", async () => {
  change("visits: z.int().default(0)");
  expect((await project.run()).code).toBe(0);
  change("visits: z.int().default(0), colour: z.string().optional()");
  expect((await project.run()).code).toBe(0);
  expect(lastFields()).toEqual([visits, { number: 4, name: "colour", stored: "colour~4" }]);
});

test.each([
  [
    ["--rename", "colour"],
    "--rename colour: it takes the old name and the new one, as in --rename colour:theme",
  ],
  [["--rename", "color:visits"], "--rename color:visits: there was no field `color`; did you mean `colour`?"],
  [
    ["--rename", "colour:visit"],
    "--rename colour:visit: there is no field `visit` now; did you mean `visits`?",
  ],
  [
    ["--rename", "colour:visits"],
    "--rename colour:visits: `colour` is still a field; take it out of the schema first",
  ],
  [["--drop", "visit"], "--drop visit: there was no field `visit`; did you mean `visits`?"],
  [["--drop", "visits"], "--drop visits: `visits` is still a field; take it out of the schema first"],
])("%j is about nothing", async (flags, message) => {
  const { code, log } = await project.run(...flags);
  expect(code).toBe(2);
  expect(log).toContain(message);
});
