import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withHash } from "../../../generator/history/model-file.js";
import { createProject, schemaText, type TestProject } from "./project.js";

let project: TestProject;
beforeEach(async () => {
  project = createProject({ "session.schema.ts": schemaText(before) });
  expect((await project.run()).code).toBe(0);
});
afterEach(() => project.remove());

const before = `
  userId: z.int().optional(),
  nickname: z.string().max(20).optional(),
  newsletter: z.boolean().optional(),
  visits: z.int().default(0),
  theme: z.enum(["light", "dark"]).default("light"),
  prefs: z.object({ size: z.int(), colour: z.string().optional() }).optional(),
  cart: z.array(z.object({ sku: z.string().max(10), quantity: z.int().positive() })).default([])`;

const change = (fields: string, options?: string) =>
  project.write("session.schema.ts", schemaText(fields, options));

const changesOf = async (...args: string[]) => {
  const { code, json } = await project.run("diff", "--json", ...args);
  return { code, status: json.status, changes: json.changes };
};

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    cwd: project.folder,
    timeout: 60_000,
  });

/** What people are shown; a file each. */
describe("the report", () => {
  const after = {
    "no-change": before,
    "safe-changes": `${before
      .replace("z.int().optional()", "z.number().nullish()")
      .replace('"dark"]', '"dark", "auto"]')
      .replace("max(20)", "max(40)")
      .replace("default(0)", "default(1)")}, lastSeen: z.date().optional()`,
    "lossy-changes": before
      .replace("newsletter: z.boolean().optional(),", "")
      .replace(", colour: z.string().optional()", ""),
    "breaking-changes": before
      .replace("userId: z.int()", "userId: z.string()")
      .replace("max(20)", "max(10)")
      .replace('"dark"]', '"auto"]')
      .replace("size: z.int(),", "size: z.int().min(1), font: z.string(),")
      .replace("sku: z.string().max(10)", "sku: z.int()"),
    "undecided-changes": before.replace("nickname", "alias").replace("colour", "color"),
  };
  test.each(Object.entries(after))("%s", async (name, fields) => {
    change(fields);
    const { code, out } = await project.run("diff");
    await expect(`${out}\nexit ${code}\n`).toMatchFileSnapshot(`../../golden/diff/${name}.txt`);
  });

  test("a declared rename, and a retype that is answered", async () => {
    change(
      before
        .replace("nickname", "alias")
        .replace("visits: z.int().default(0)", 'visits: z.string().default("0")'),
      'renamed: { alias: "nickname" }, upgrade: "./session.upgrade.ts", backend: memory()',
    );
    project.write(
      "session.upgrade.ts",
      'import { defineUpgrades } from "./generated/upgrades.js";\nexport default defineUpgrades({ visits: (old) => String(old) });\n',
    );
    const { code, out } = await project.run("diff");
    await expect(`${out}\nexit ${code}\n`).toMatchFileSnapshot("../../golden/diff/answered.txt");
  });
});

describe("--json", () => {
  test("names each change with its severity and what to do", async () => {
    change(before.replace("visits: z.int().default(0),", ""));
    const { changes, ...outcome } = await changesOf();
    expect(outcome).toEqual({ code: 0, status: "ok" });
    expect(changes).toEqual([
      { field: "visits", severity: "lossy", advice: expect.stringContaining('renamed: { NEW: "visits" }') },
    ]);
  });

  test("says what is undecided, with the words to add", async () => {
    change(before.replace("nickname", "alias"));
    const { changes, ...outcome } = await changesOf();
    expect(outcome).toEqual({ code: 3, status: "undecided" });
    expect(changes).toContainEqual({
      field: "nickname",
      severity: "undecided",
      advice: expect.stringMatching(
        /renamed: \{ alias: "nickname" \}.* --rename nickname:alias.* --drop nickname/,
      ),
    });
  });

  test("ends with 1 when something breaks", async () => {
    change(before.replace("size: z.int()", "size: z.int().max(3)"));
    expect(await changesOf()).toEqual({
      code: 1,
      status: "breaking",
      changes: [
        { field: "prefs.size", severity: "breaking", advice: expect.stringContaining("--allow-breaking") },
      ],
    });
  });
});

describe("--against", () => {
  test("a commit of git: its model file", async () => {
    git("init", "-q");
    git("add", "session.model.json");
    git("commit", "-q", "-m", "first");
    git("tag", "v1");
    change(`${before}, one: z.int().optional()`);
    await project.run();
    git("commit", "-aqm", "second");
    change(`${before}, one: z.int().optional(), two: z.string().optional()`);
    expect((await changesOf("--against", "HEAD")).changes).toMatchObject([{ field: "two" }]);
    expect((await changesOf("--against", "v1")).changes).toMatchObject([{ field: "one" }, { field: "two" }]);
    expect(await project.run("diff", "--against", "v2")).toMatchObject({
      code: 2,
      log: "session-gen: --against v2: there is no such file, and no such commit of git.\n",
    });
    git("rm", "-q", "--cached", "session.model.json");
    git("commit", "-qm", "gone");
    expect(await project.run("diff", "--against", "HEAD")).toMatchObject({
      code: 2,
      log: "session-gen: --against HEAD: there is no session.model.json in that commit.\n",
    });
  });

  test("a model file, or a schema file", async () => {
    project.write("old.model.json", project.read("session.model.json"));
    project.write("old.schema.ts", schemaText(before));
    change(`${before}, one: z.int().optional()`);
    await project.run();
    expect((await changesOf()).changes).toEqual([]);
    for (const file of ["old.model.json", "old.schema.ts"]) {
      expect((await changesOf("--against", file)).changes, file).toMatchObject([
        { field: "one", severity: "safe" },
      ]);
    }
    expect(await project.run("diff", "--against", "package.json")).toMatchObject({ code: 2 });
  });

  test("nothing: without a model file there is nothing to compare with", async () => {
    project.delete("session.model.json");
    expect(await project.run("diff")).toMatchObject({
      code: 2,
      log: expect.stringContaining(
        "There is no session.model.json, so that there is nothing to compare with.",
      ),
    });
  });
});

test("what is compared needs one head, and a schema without faults", async () => {
  const { versions } = JSON.parse(project.read("session.model.json"));
  const { hash: _, ...content } = versions[0];
  const other = withHash({ ...content, shape: "0123456789abcdef" });
  const heads = { versions: [versions[0], other] };
  project.write("session.model.json", JSON.stringify(heads));
  const run = await project.run("diff", "--json");
  expect(run).toMatchObject({ code: 3, json: { status: "undecided", changes: [] } });
  expect(run.log).toContain(other.hash);
  change("userId: z.map(z.string(), z.string()).optional()");
  expect(await project.run("diff", "--json")).toMatchObject({ code: 2, json: { status: "error" } });
});
