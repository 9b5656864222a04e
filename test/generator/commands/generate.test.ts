import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

const start = (fields = "userId: z.int().optional()", options?: string): void => {
  project = createProject({ "session.schema.ts": schemaText(fields, options) });
};

describe("session-gen generate", () => {
  it("writes everything, and nothing when it runs again", async () => {
    start(undefined, sqlite);
    const first = await project.run("--json");
    expect(first.json.status).toBe("ok");
    expect(first.json.files).toContainEqual({ path: "generated/session.ts", state: "created" });
    expect(first.json.files).toContainEqual({ path: "migrations/0001_create_sessions.ts", state: "created" });
    const file = join(project.folder, "generated/session.ts");
    utimesSync(file, 1, 1);
    const again = { code: 0, out: "", log: "Everything is current.\n" };
    expect(await project.run("generate")).toMatchObject(again);
    project.write("session.schema.ts", `${project.read("session.schema.ts")}// a comment\n`);
    expect(await project.run("generate")).toMatchObject(again);
    expect(statSync(file).mtimeMs).toBe(1000);
  });

  it("notices what changed on disk since", async () => {
    start();
    await project.run();
    const before = project.read("generated/validate.ts");
    project.write("generated/validate.ts", `${before}// more\n`);
    expect((await project.run("--check")).code).toBe(1);
    await project.run();
    expect(project.read("generated/validate.ts")).toBe(before);
    project.delete("generated");
    expect((await project.run()).code).toBe(0);
    expect(project.read("generated/validate.ts")).toBe(before);
  });

  it("checks: stale, missing and orphan files end with 1 and a diff, and nothing is written", async () => {
    start(undefined, `${sqlite}, adapters: ["express"]`);
    expect((await project.run("--check", "--json")).code).toBe(1);
    expect(existsSync(join(project.folder, "generated"))).toBe(false);
    await project.run();
    expect((await project.run("--check")).code).toBe(0);
    project.write(
      "session.schema.ts",
      schemaText("userId: z.int().optional(), theme: z.string().optional()", sqlite),
    );
    const { code, json } = await project.run("--check", "--json");
    expect(code).toBe(1);
    expect(json.status).toBe("stale");
    expect(json.files).toContainEqual({ path: "generated/session.ts", state: "stale" });
    expect(json.files).toContainEqual({ path: "generated/express.ts", state: "orphan" });
    expect((await project.run("--check")).out).toContain("+  get theme(): string | undefined {");
    const dry = await project.run("--dry-run", "--json");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.json.files).toContainEqual({ path: "generated/session.ts", state: "stale" });
    expect(existsSync(join(project.folder, "generated/express.ts"))).toBe(true);
    await project.run();
    expect(existsSync(join(project.folder, "generated/express.ts"))).toBe(false);
    expect((await project.run("--check")).code).toBe(0);
  });

  it("removes session.proto with the codec that it describes", async () => {
    start(undefined, `${sqlite}, codec: "protobuf"`);
    await project.run();
    expect(existsSync(join(project.folder, "generated/session.proto"))).toBe(true);
    project.write("session.schema.ts", schemaText("userId: z.int().optional()", `${sqlite}, codec: "cbor"`));
    const { json } = await project.run("--check", "--json");
    expect(json.files).toContainEqual({ path: "generated/session.proto", state: "orphan" });
    await project.run();
    expect(existsSync(join(project.folder, "generated/session.proto"))).toBe(false);
  });

  it("minds no line endings", async () => {
    start();
    await project.run();
    const windows = project.read("generated/shape.ts").replaceAll("\n", "\r\n");
    project.write("generated/shape.ts", windows);
    expect((await project.run("--check")).code).toBe(0);
    await project.run();
    expect(project.read("generated/shape.ts")).toBe(windows);
  });

  it("never touches a person's files", async () => {
    start();
    project.write("generated/mine.ts", "// mine\n");
    await project.run();
    expect(project.read("generated/mine.ts")).toBe("// mine\n");
    project.write("generated/shape.ts", "// mine too\n");
    const { code, log } = await project.run();
    expect(code).toBe(2);
    expect(log).toContain("generated/shape.ts was not written by session-gen");
    expect(project.read("generated/shape.ts")).toBe("// mine too\n");
  });

  it("leaves a migration alone once it is written", async () => {
    start(undefined, sqlite);
    await project.run();
    project.write("migrations/0001_create_sessions.ts", "// edited\n");
    expect((await project.run()).code).toBe(0);
    expect((await project.run("--check")).code).toBe(0);
    expect(project.read("migrations/0001_create_sessions.ts")).toBe("// edited\n");
  });

  it.each(["generated", "migrations"])(
    "refuses to start afresh beside %s when the model file is missing",
    async (kept) => {
      start(undefined, sqlite);
      await project.run();
      project.delete("session.model.json");
      project.delete(kept === "generated" ? "migrations" : "generated");
      const { code, json } = await project.run("--json");
      expect(code).toBe(3);
      expect(json.status).toBe("undecided");
      expect((await project.run("--check")).code).toBe(1);
      expect(existsSync(join(project.folder, "session.model.json"))).toBe(false);
    },
  );

  it("reports all faults with code frames, and no stack", async () => {
    start("a: z.any(), b: z.map(z.string(), z.string()).optional()");
    const { code, log } = await project.run();
    expect(code).toBe(2);
    expect(log).toMatch(/session\.schema\.ts:3:\d+/);
    expect(log).not.toMatch(/^\s+at /m);
    const { json } = await project.run("--json");
    expect(json.errors.length).toBeGreaterThan(1);
    expect(json.errors[0]).toMatchObject({ file: "session.schema.ts", line: 3 });
  });

  it("takes several schemas, and another output", async () => {
    start();
    project.write(
      "admin.schema.ts",
      schemaText("id: z.int().optional()", 'name: "adminSession", output: "./admin"'),
    );
    const { json } = await project.run(
      "--schema",
      "session.schema.ts",
      "--schema",
      "admin.schema.ts",
      "--json",
    );
    const paths = json.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["admin/index.ts", "admin.model.json", "generated/index.ts"]),
    );
    expect((await project.run("--schema", "admin.schema.ts", "--out", "elsewhere")).code).toBe(0);
    expect(existsSync(join(project.folder, "elsewhere/sessions.ts"))).toBe(true);
  });
});
