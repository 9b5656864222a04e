import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelFile } from "../../../generator/history/model-file.js";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
beforeEach(async () => {
  project = createProject();
  await commit("first", 'a: z.int().optional(), theme: z.enum(["light"]).optional()');
  git("branch", "-q", "-M", "main");
});
afterEach(() => project.remove());

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    cwd: project.folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
  });

/** Generates and commits a schema. */
async function commit(message: string, fields: string, options = sqlite): Promise<void> {
  project.write("session.schema.ts", schemaText(fields, options));
  expect(await project.run()).toMatchObject({ code: 0 });
  if (!existsSync(join(project.folder, ".git"))) git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", message);
}

const fields = (added: string, values: string) =>
  `a: z.int().optional(), theme: z.enum(["light", ${values}]).optional(), ${added}`;

/** Two branches that each add a field, a value and an index; `git merge` leaves conflicts. */
async function twoBranches(deployTheirs = async (): Promise<void> => {}): Promise<void> {
  git("checkout", "-qb", "mine");
  await commit("mine", fields("x: z.string().max(9).optional()", '"dark"'), `${sqlite}, indexes: ["x"]`);
  git("checkout", "-q", "main");
  await commit("theirs", fields("y: z.int().optional()", '"auto"'), `${sqlite}, indexes: ["y"]`);
  await deployTheirs();
  git("checkout", "-q", "mine");
  expect(() => git("merge", "-q", "main")).toThrow();
  project.write(
    "session.schema.ts",
    schemaText(
      fields("x: z.string().max(9).optional(), y: z.int().optional()", '"dark", "auto"'),
      `${sqlite}, indexes: ["x", "y"]`,
    ),
  );
}

const model = (): ModelFile => JSON.parse(project.read("session.model.json"));
const placesOf = (file: ModelFile) =>
  Object.fromEntries(file.versions.at(-1)?.fields.map(({ name, number }) => [name, number]) ?? []);

describe("two branches that both changed the schema", () => {
  test("are joined by --merge out of git's conflict markers, and nothing else", async () => {
    await twoBranches();
    expect(project.read("session.model.json")).toContain("<<<<<<<");
    const undecided = await project.run();
    expect(undecided).toMatchObject({ code: 3 });
    expect(undecided.log).toContain("session-gen --merge");
    expect((await project.run("--check")).code).toBe(1);
    expect(project.read("session.model.json")).toContain("<<<<<<<");

    expect(await project.run("--merge")).toMatchObject({ code: 0 });
    const file = model();
    const [first, ours, theirs, joined] = file.versions;
    expect(file.versions).toHaveLength(4);
    expect([ours?.parents, theirs?.parents]).toEqual([[first?.hash], [first?.hash]]);
    expect(joined?.parents).toEqual([ours?.hash, theirs?.hash]);
    expect(placesOf(file)).toEqual({ a: 1, theme: 2, x: 3, y: 4 });
    expect(joined?.fields[1]?.kind).toMatchObject({
      values: [
        { value: "light", code: 1 },
        { value: "dark", code: 2 },
        { value: "auto", code: 3 },
      ],
    });
    expect((await project.run("--check")).code).toBe(0);
  });

  test("keep both migrations, the second under a number of its own", async () => {
    const url = join(project.folder, "theirs.sqlite");
    const migrate = (word: string) => project.run("migrate", word, "--url", url);
    await twoBranches(async () => expect(await migrate("up")).toMatchObject({ code: 0 }));
    project.write("migrations/0002_add_y.ts", `${project.read("migrations/0002_add_y.ts")}// by hand\n`);
    await project.run("--merge");
    const names = model()
      .versions.at(-1)
      ?.table?.migrations.map(({ name, formerly }) => [name, formerly]);
    expect(names).toEqual([
      ["0001_create_sessions", undefined],
      ["0002_add_x", undefined],
      ["0003_add_y", ["0002_add_y"]],
    ]);
    expect(project.read("migrations/0003_add_y.ts")).toMatch(/\/\/ by hand\n$/);
    expect(existsSync(join(project.folder, "migrations/0002_add_y.ts"))).toBe(false);
    expect(project.read("migrations/index.ts")).not.toContain("0002_add_y");
    // A database that ran the second one under its former number has it.
    expect((await migrate("status")).out).toBe(
      "applied 0001_create_sessions\npending 0002_add_x\napplied 0003_add_y\n",
    );
    expect((await migrate("up")).log).toContain("applied 0002_add_x\n");
    expect((await migrate("status")).code).toBe(0);
    expect((await migrate("down")).log).toBe("undone  0002_add_x\n");
    expect((await migrate("down")).log).toBe("undone  0003_add_y\n");
  });

  test("are two heads where both sides were kept by hand", async () => {
    await twoBranches();
    const sides = ["mine", "main"].map(
      (name): ModelFile => JSON.parse(git("show", `${name}:session.model.json`)),
    );
    const versions = [...(sides[0]?.versions ?? []), ...(sides[1]?.versions.slice(1) ?? [])];
    project.write("session.model.json", JSON.stringify({ versions }));
    const { code, log } = await project.run();
    expect(code).toBe(3);
    for (const version of versions.slice(1)) expect(log).toContain(version.hash);
    expect((await project.run("--check")).code).toBe(1);
    expect((await project.run("--merge")).code).toBe(0);
    expect(model().versions).toHaveLength(4);
  });
});

test("a step of one branch that comes after the other one's rename names the table as it is then", async () => {
  const inTable = (table: string): string => sqlite.replace(/ }\)/, `, table: "${table}" })`);
  git("checkout", "-qb", "mine");
  await commit("mine", "a: z.int().optional(), b: z.int().optional()", inTable("people"));
  git("checkout", "-q", "main");
  await commit("theirs", "a: z.int().optional()", `${sqlite}, indexes: ["a"]`);
  git("checkout", "-q", "mine");
  expect(() => git("merge", "-q", "main")).toThrow();
  const joined = schemaText(
    "a: z.int().optional(), b: z.int().optional()",
    `${inTable("people")}, indexes: ["a"]`,
  );
  project.write("session.schema.ts", joined);
  expect(await project.run("--merge")).toMatchObject({ code: 0 });
  const migrate = (...words: string[]) =>
    project.run("migrate", ...words, "--url", join(project.folder, "new.sqlite"));
  expect((await migrate("up")).log).toContain("blocked 0003_add_a: it comes after 0002_rename_sessions");
  expect(await migrate("up", "--contract")).toMatchObject({ code: 0 });
});

test("a value of two types is broken for one side, and takes a place of its own", async () => {
  git("checkout", "-qb", "mine");
  await commit("mine", "a: z.int().optional(), x: z.string().optional()");
  git("checkout", "-q", "main");
  await commit("theirs", "a: z.int().optional(), x: z.int().optional()");
  git("checkout", "-q", "mine");
  expect(() => git("merge", "-q", "main")).toThrow();
  project.write("session.schema.ts", schemaText("a: z.int().optional(), x: z.string().optional()", sqlite));
  expect((await project.run("--merge")).code).toBe(1);
  expect((await project.run("--merge", "--allow-breaking")).code).toBe(0);
  expect(model().versions.at(-1)?.fields.at(-1)).toMatchObject({ name: "x", stored: "x~4", follows: "x" });
});

test("a migration of one name that both sides wrote differently is written anew, without git's marks", async () => {
  const indexed = `${sqlite}, indexes: ["x"]`;
  const [mine, theirs] = ["x: z.string().max(9).optional()", "x: z.int().optional()"];
  git("checkout", "-qb", "mine");
  await commit("mine", `a: z.int().optional(), ${mine}`, indexed);
  git("checkout", "-q", "main");
  await commit("theirs", `a: z.int().optional(), ${theirs}`, indexed);
  git("checkout", "-q", "mine");
  expect(() => git("merge", "-q", "main")).toThrow();
  project.write("session.schema.ts", schemaText(`a: z.int().optional(), ${mine}`, indexed));
  expect(project.read("migrations/0002_add_x.ts")).toContain("<<<<<<<");
  expect((await project.run("--merge", "--allow-breaking")).code).toBe(0);
  expect(project.read("migrations/0002_add_x.ts")).toBe(git("show", "mine:migrations/0002_add_x.ts"));
  expect((await project.run("migrate", "sql")).code).toBe(0);
});
