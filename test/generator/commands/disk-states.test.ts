import { afterEach, describe, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

const start = async (options?: string, files: Readonly<Record<string, string>> = {}): Promise<void> => {
  project = createProject({ "session.schema.ts": schemaText("a: z.int().optional()", options), ...files });
  expect((await project.run()).code).toBe(0);
};

const states = async (...args: string[]): Promise<readonly string[]> => {
  const { json } = await project.run("--json", ...args);
  return [...new Set(json.files.map(({ state }) => state))];
};

describe("what is on disk", () => {
  it("has one word for what is as it should be, whether it was just compared or is remembered", async () => {
    await start();
    const remembered = [await states(), await states("--check"), await states("--dry-run")];
    project.write("session.schema.ts", `${project.read("session.schema.ts")}// a comment\n`);
    const compared = [await states("--check"), await states("--dry-run")];
    expect(remembered).toEqual([["unchanged"], ["current"], ["current"]]);
    expect(compared).toEqual([["current"], ["current"]]);
  });

  it("is stale with a person's text in a file of ours: --check ends with 1, and generate leaves it alone", async () => {
    await start();
    project.write("generated/shape.ts", "// mine\n");
    const { code, json } = await project.run("--check", "--json");
    expect({ code, status: json.status }).toEqual({ code: 1, status: "stale" });
    expect(json.files).toContainEqual({ path: "generated/shape.ts", state: "foreign" });
    expect((await project.run("--check")).out).toContain("-// mine");
    expect((await project.run()).code).toBe(2);
  });

  it("is written again where a file is empty: nothing in it is a person's", async () => {
    await start();
    const before = project.read("generated/shape.ts");
    project.write("generated/shape.ts", "");
    expect((await project.run()).code).toBe(0);
    expect(project.read("generated/shape.ts")).toBe(before);
  });

  it("is undecided with a model file that has forgotten everything", async () => {
    await start(sqlite);
    project.write("session.model.json", '{ "versions": [] }');
    const { code, log } = await project.run();
    expect(code).toBe(3);
    expect(log).toContain("session.model.json is no model file.");
  });

  it.each(["generated/session.ts", "generated/validate.ts", "migrations/index.ts"])(
    "is completed by the next run, where the first one came to its end at %s",
    async (place) => {
      project = createProject({ "session.schema.ts": schemaText("a: z.int().optional()", sqlite) });
      // Nothing can be written over a folder.
      project.write(`${place}/file`, "");
      expect((await project.run()).code).toBe(2);
      project.delete(place);
      expect((await project.run()).code).toBe(0);
      expect(await states("--check")).toEqual(["current"]);
    },
  );

  it("is generated anew when a tsconfig changes that the project's own extends", async () => {
    const compilerOptions = (moduleResolution: string) =>
      JSON.stringify({ compilerOptions: { moduleResolution } });
    await start(undefined, {
      "tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
      "tsconfig.base.json": compilerOptions("nodenext"),
    });
    expect(project.read("generated/index.ts")).toContain('"./session.js"');
    project.write("tsconfig.base.json", compilerOptions("bundler"));
    expect((await project.run()).code).toBe(0);
    expect(project.read("generated/index.ts")).toContain('"./session"');
  });

  it("is generated once for a schema that is named twice", async () => {
    await start();
    const twice = ["--schema", "session.schema.ts", "--schema", "./session.schema.ts"];
    expect((await project.run(...twice)).code).toBe(0);
  });
});
