import { afterEach, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

const start = (
  dependencies: readonly string[],
  files: Readonly<Record<string, string>> = { "package-lock.json": "{}" },
): void => {
  const manifest = { dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])) };
  project = createProject({ "package.json": JSON.stringify(manifest), ...files });
};

describe("session-gen init", () => {
  it("writes a schema that generates, for what the project has", async () => {
    start(["express", "better-sqlite3", "zod"]);
    const { code, log } = await project.run("init");
    expect(code).toBe(0);
    const schema = project.read("session.schema.ts");
    expect(schema).toContain(
      'database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") })',
    );
    expect(schema).toContain('adapters: ["express"]');
    expect(log).toContain("npm install @session-gen/runtime kysely\n");
    expect(log).toContain("npm install -D session-gen typescript\n");
    expect(log).toContain("npx session-gen migrate up");
    expect((await project.run()).code).toBe(0);
  });

  it.each(["typebox", "@sinclair/typebox"])(
    "writes for %s where that is there, and keeps to memory without SQLite",
    async (name) => {
      start([name], { "pnpm-lock.yaml": "" });
      const { log } = await project.run("init");
      expect(project.read("session.schema.ts")).toContain(`from "${name}"`);
      expect(project.read("session.schema.ts")).toContain("backend: memory()");
      expect(log).toContain("pnpm add @session-gen/runtime\n");
      expect((await project.run()).code).toBe(0);
    },
  );

  it("goes by zod where nothing is there yet", async () => {
    start([]);
    expect((await project.run("init")).log).toContain("npm install -D session-gen typescript zod\n");
  });

  it("never overwrites", async () => {
    start([], { "session.schema.ts": "// mine\n" });
    const { code, log } = await project.run("init");
    expect({ code, log }).toEqual({
      code: 2,
      log: "session-gen: session.schema.ts is here already; init never overwrites.\n",
    });
    expect(project.read("session.schema.ts")).toBe("// mine\n");
  });

  it("wants a package.json", async () => {
    project = createProject();
    expect((await project.run("init")).code).toBe(2);
  });
});
