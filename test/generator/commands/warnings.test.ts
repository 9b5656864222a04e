import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { peerWarnings } from "../../../generator/doctor/peer-check.js";
import { loadModels } from "../../../generator/load/load-model.js";
import { createProject, schemaText, sqlite, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

describe("process.env in a schema", () => {
  it("is warned of where it stands, at each run, and hinders nothing", async () => {
    const text = schemaText(
      "a: limit.optional()",
      'backend: memory(), output: process["env"].NONE ?? "./out"',
    );
    project = createProject({
      "session.schema.ts": `import { limit } from "./limit.js";\n// process.env in a comment\n${text}`,
      "limit.ts":
        'import { z } from "zod";\nexport const limit = z.string().max(Number(globalThis.process.env.NONE ?? 9)).describe("process.env");\n',
    });
    for (const expected of ["created", "Everything is current."]) {
      const { code, log, out } = await project.run();
      expect({ code, out }).toEqual({ code: 0, out: "" });
      expect(log).toContain("session.schema.ts:5:101 warning: process.env is read now");
      expect(log).toContain("limit.ts:2:44 warning: process.env is read now");
      expect(log.match(/warning/g)).toHaveLength(2);
      expect(log).toContain(expected);
    }
    const { json, log } = await project.run("--json");
    expect(json).toMatchObject({ status: "ok", errors: [] });
    expect(log).toContain("warning");
  });
});

describe("bincode", () => {
  it("is warned of where it is named, since it does not survive rolling deploys", async () => {
    project = createProject({
      "session.schema.ts": schemaText("a: z.int().optional()", 'codec: "bincode", backend: memory()'),
    });
    const { code, log } = await project.run();
    expect(code).toBe(0);
    expect(log).toMatch(/session\.schema\.ts:\d+:\d+ warning: bincode does not survive rolling deploys/);
    expect(log.match(/warning/g)).toHaveLength(1);
    expect((await project.run("--check")).code).toBe(0);
  });
});

describe("a package that an option needs", () => {
  it("is warned of when it is not installed, where the option stands, with what to install", async () => {
    project = createProject({
      "session.schema.ts": schemaText(
        "a: z.int().optional()",
        `${sqlite}, codec: "cbor", analytics: { prometheus: true }, adapters: ["koa"]`,
      ),
    });
    const [schema] = await loadModels([join(project.folder, "session.schema.ts")]);
    if (schema === undefined) throw new Error("There is no schema.");
    expect(peerWarnings(schema)).toEqual([]);
    const elsewhere = { ...schema, file: "/nowhere/session.schema.ts" };
    expect(peerWarnings(elsewhere).map(({ message }) => message)).toEqual([
      "The package kysely is not installed; database() needs it: npm install kysely",
      expect.stringMatching(
        /^The package better-sqlite3 is not installed; database\(\{ dialect: "sqlite" \}\) needs it: npm install better-sqlite3(?:@12)?$/,
      ),
      'The package cbor-x is not installed; codec: "cbor" needs it: npm install cbor-x',
      "The package prom-client is not installed; analytics: { prometheus: true } needs it: npm install prom-client",
      'The package koa is not installed; adapters: ["koa"] needs it: npm install koa',
    ]);
    expect(peerWarnings(elsewhere)[2]).toMatchObject(schema.positionOf(["codec"]));
  });
});

describe("what stands in the way of generating", () => {
  const errorsOf = async (code: number, ...args: string[]): Promise<readonly object[]> => {
    const run = await project.run("--json", ...args);
    expect(run.code).toBe(code);
    return run.json.errors;
  };
  const before = `${sqlite}, indexes: ["a"]`;

  it("is among the errors, with its place, when it narrows a field", async () => {
    project = createProject({
      "session.schema.ts": schemaText("a: z.int().optional(), b: z.string().optional()", before),
    });
    await project.run();
    project.write("session.schema.ts", schemaText("a: z.int().optional(), \nb: z.int().optional()", before));
    expect(await errorsOf(1)).toEqual([
      {
        file: "session.schema.ts",
        line: 4,
        column: expect.any(Number),
        message: expect.stringMatching(/^`b` changes from/),
      },
    ]);
  });

  it("is a missing model file", async () => {
    project = createProject({ "session.schema.ts": schemaText("a: z.int().optional()") });
    await project.run();
    project.delete("session.model.json");
    expect(await errorsOf(3)).toMatchObject([
      {
        file: "session.schema.ts",
        line: 3,
        message: expect.stringMatching(/^session\.model\.json is missing/),
      },
    ]);
  });
});
