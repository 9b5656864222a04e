import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { nextSteps } from "../../../generator/commands/next-steps.js";
import { readProject } from "../../../generator/commands/project.js";
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

const any = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, "*"]));

interface ProjectOfKind {
  readonly manifest: object;
  readonly files: Readonly<Record<string, string>>;
}

/** By name: a file of that name holds the schema and what is said. */
const kinds: Readonly<Record<string, ProjectOfKind>> = {
  "express-npm-commonjs": {
    manifest: { dependencies: any("express", "pg", "zod") },
    files: { "package-lock.json": "{}" },
  },
  "fastify-pnpm-nodenext": {
    manifest: { type: "module", dependencies: any("fastify", "typebox", "ioredis") },
    files: { "pnpm-lock.yaml": "", "tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }' },
  },
  "hono-bun-bundler": {
    manifest: { type: "module", dependencies: any("hono") },
    files: { "bun.lock": "", "tsconfig.json": '{ "compilerOptions": { "moduleResolution": "bundler" } }' },
  },
  "koa-yarn-by-name": {
    manifest: { type: "module", packageManager: "yarn@4.5.0", dependencies: any("koa", "mysql2", "zod") },
    files: { "package-lock.json": "{}" },
  },
  "nest-npm-nodenext": {
    manifest: { type: "module", dependencies: any("@nestjs/core", "@nestjs/platform-express", "pg", "zod") },
    files: { "package-lock.json": "{}", "tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }' },
  },
  "next-npm-bundler": {
    manifest: { dependencies: any("next", "react", "ioredis", "zod") },
    files: {
      "package-lock.json": "{}",
      "tsconfig.json": '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler" } }',
    },
  },
  "nothing-but-zod-3": {
    manifest: { type: "module", dependencies: { zod: "^3.24.0" } },
    files: {},
  },
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
    expect(log).toContain("npm install -D session-gen typescript @types/express\n");
    expect(log).toContain("npx session-gen migrate up");
    expect((await project.run()).code).toBe(0);
  });

  it("writes what the schema of the README only adds to", async () => {
    start(["express", "better-sqlite3", "zod"]);
    await project.run("init");
    expect((await project.run()).code).toBe(0);
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const [, schema] = /```ts session\.schema\.ts\n(.*?)```/s.exec(readme) ?? [];
    project.write("session.schema.ts", schema ?? "");
    expect(await project.run()).toMatchObject({ code: 0, log: expect.stringContaining("updated") });
  });

  it("gives what it exports a type where the compiler wants one", async () => {
    start(["zod"], { "tsconfig.json": '{ "compilerOptions": { "isolatedDeclarations": true } }' });
    await project.run("init");
    const schema = project.read("session.schema.ts");
    expect(schema).toContain('import { defineSession, memory, type SessionDefinition } from "session-gen";');
    expect(schema).toContain("\nconst schema: SessionDefinition = defineSession({\n");
    expect(schema).toMatch(/\n}\);\n\nexport default schema;\n$/);
    expect((await project.run()).code).toBe(0);
    expect(project.read("generated/session.ts")).toContain("/** Pages seen. */");
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

  it.each([
    [
      "pg",
      'database({ dialect: "postgres", url: env("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/app") })',
      "PostgreSQL; DATABASE_URL",
    ],
    [
      "mysql2",
      'database({ dialect: "mysql", url: env("DATABASE_URL", "mysql://root@127.0.0.1:3306/app") })',
      "MySQL; DATABASE_URL",
    ],
    ["ioredis", 'redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379") })', "Redis; REDIS_URL"],
  ])("keeps sessions where %s leads to", async (driver, call, said) => {
    start(["better-sqlite3", driver, "zod"]);
    const { log } = await project.run("init");
    expect(project.read("session.schema.ts")).toContain(`backend: ${call},`);
    expect(log).toContain(`Sessions go to ${said} says where`);
    expect(log.includes("migrate up")).toBe(driver !== "ioredis");
    expect(log.includes("kysely")).toBe(driver !== "ioredis");
    expect((await project.run()).code).toBe(0);
  });

  it.each(Object.entries(kinds))("knows a project of this kind: %s", async (kind, { manifest, files }) => {
    project = createProject({ "package.json": JSON.stringify(manifest), ...files });
    const { log } = await project.run("init");
    // Which better-sqlite3 is named goes by the Node that runs this.
    const said = log.replaceAll("better-sqlite3@12", "better-sqlite3");
    const shown = `package.json: ${JSON.stringify(manifest)}\n${Object.keys(files).join("\n")}\n\n${project.read("session.schema.ts")}\n${said}`;
    await expect(shown).toMatchFileSnapshot(`../../golden/init/${kind}.txt`);
    expect(await project.run()).toMatchObject({ code: 0 });
    const extension = kind.includes("bundler") ? "./session" : "./session.js";
    expect(project.read("generated/index.ts")).toContain(`from "${extension}"`);
  });

  it("goes by zod where nothing is there yet", async () => {
    start([]);
    expect((await project.run("init")).log).toContain("npm install -D session-gen typescript zod\n");
  });

  it("never overwrites", async () => {
    start([], { "session.schema.ts": "// mine\n" });
    const { code, log } = await project.run("init");
    expect({ code, log }).toEqual({
      code: 2,
      log: "session-gen: session.schema.ts is here already, and init never overwrites. Run session-gen to generate from it.\n",
    });
    expect(project.read("session.schema.ts")).toBe("// mine\n");
  });

  it("says what a CommonJS package needs, and says nothing of it to an ES module", async () => {
    start([], { "package.json": '{ "type": "commonjs" }' });
    const { log } = await project.run("init");
    expect(log).toContain("It runs as it is");
    expect(log).toContain('"module": "nodenext"');
    expect(log).toContain("npm pkg set type=module");
    project.delete("session.schema.ts");
    project.write("package.json", '{ "type": "module" }');
    expect((await project.run("init")).log).not.toContain("CommonJS");
  });

  it("imports as the project's tsconfig resolves", async () => {
    start([]);
    expect((await project.run("init")).log).toContain('from "./generated/index.js"');
    project.delete("session.schema.ts");
    project.write("tsconfig.json", '{ "compilerOptions": { "moduleResolution": "bundler" } }');
    expect((await project.run("init")).log).toContain('from "./generated/index"');
  });

  it.each([
    ["tsconfig.build.json", "./src", 'output: "./src/generated"'],
    ["tsconfig.json", "src", 'output: "./src/generated"'],
    ["tsconfig.json", ".", undefined],
  ])("generates below the sources that %s names as rootDir %s", async (file, rootDir, output) => {
    start([]);
    project.write(file, JSON.stringify({ compilerOptions: { rootDir } }));
    const { log } = await project.run("init");
    const schema = project.read("session.schema.ts");
    if (output === undefined) expect(schema).not.toContain("output:");
    else expect(schema).toContain(output);
    expect(log).toContain(`# generates ${output === undefined ? "./generated" : "./src/generated"};`);
    expect((await project.run("--dry-run")).code).toBe(0);
  });

  it("wants a package.json", async () => {
    project = createProject();
    expect((await project.run("init")).code).toBe(2);
  });
});

describe("what init says of SQLite", () => {
  it.each([
    ["20.19.0", "better-sqlite3@12"],
    ["22.14.0", "better-sqlite3"],
  ])("on Node %s keeps sessions with %s", async (nodeVersion, name) => {
    start([]);
    const text = nextSteps(await readProject(project.folder), nodeVersion);
    expect(text).toContain(`npm install kysely ${name}, and`);
  });

  it("replaces a version that this Node cannot load", async () => {
    start([], { "package.json": '{ "dependencies": { "better-sqlite3": "^13.2.0" } }' });
    const text = (nodeVersion: string) =>
      readProject(project.folder).then((it) => nextSteps(it, nodeVersion));
    expect(await text("20.19.0")).toContain("npm install @session-gen/runtime kysely better-sqlite3@12\n");
    expect(await text("22.14.0")).toContain("npm install @session-gen/runtime kysely\n");
  });

  it("replaces zod 3", async () => {
    start([], { "package.json": '{ "dependencies": { "zod": "^3.25.0" } }' });
    expect((await project.run("init")).log).toContain("npm install -D session-gen typescript zod@4\n");
  });
});
