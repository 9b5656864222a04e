import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "./project.js";
import { startWatch } from "./running-watch.js";

let project: TestProject;
afterEach(() => project.remove());

const parts = `import { defineSession, memory } from "session-gen";
import { z } from "zod";
import { parts } from "./parts/parts.js";
export default defineSession({ shape: z.object(parts), backend: memory() });
`;
const partsWith = (field: string): string =>
  `import { z } from "zod";\nexport const parts = { ${field}: z.int().optional() };\n`;

describe.each(["module", "commonjs"])("session-gen --watch in a package of type %s", (type) => {
  it("follows what the schema imports, also where it is not there yet", async () => {
    project = createProject({ "package.json": JSON.stringify({ type }), "session.schema.ts": parts });
    await using watch = startWatch(project.folder);
    await watch.logged(/parts\.js that is imported here does not exist[\s\S]*Watching/);
    mkdirSync(join(project.folder, "parts"));
    project.write("parts/parts.ts", partsWith("first"));
    await watch.logged(/created {2}session\.model\.json/);
    project.write("parts/parts.ts", partsWith("first: z.int().optional(), second"));
    await watch.logged(/updated {2}session\.model\.json/);
    expect(project.read("generated/session.ts")).toContain("get second()");
    renameSync(join(project.folder, "parts"), join(project.folder, "away"));
    await watch.logged(/does not exist/);
    renameSync(join(project.folder, "away"), join(project.folder, "parts"));
    await watch.logged(/Everything is current/);
    project.write(
      "parts/parts.ts",
      partsWith("first: z.int().optional(), second: z.int().optional(), third"),
    );
    await watch.logged(/updated {2}session\.model\.json/);
    const own = "z.object({ ...parts, own: z.int().optional() })";
    project.write("session.schema.ts", parts.replace("z.object(parts)", own));
    await watch.logged(/updated {2}session\.model\.json/);
    expect(project.read("generated/session.ts")).toContain("get own()");
    expect(await watch.end("SIGTERM")).toBe(0);
  });
});

describe("session-gen --watch", () => {
  it("follows two schemas and what both import; a fault of one holds back both", async () => {
    const admin = 'name: "adminSession", output: "./admin", shape:';
    project = createProject({
      "session.schema.ts": parts,
      "admin.schema.ts": parts.replace("shape:", admin),
      "parts/parts.ts": partsWith("first"),
    });
    await using watch = startWatch(
      project.folder,
      "--schema",
      "session.schema.ts",
      "--schema",
      "admin.schema.ts",
    );
    await watch.logged(/admin\.model\.json[\s\S]*Watching session\.schema\.ts, admin\.schema\.ts/);
    project.write("parts/parts.ts", partsWith("first: z.int().optional(), second"));
    const both = /updated {2}session\.model\.json[\s\S]*updated {2}admin\.model\.json/;
    await watch.logged(both);
    project.write("admin.schema.ts", parts.replace("shape:", "name: 5, shape:"));
    await watch.logged(/admin\.schema\.ts:4:/);
    project.write(
      "parts/parts.ts",
      partsWith("first: z.int().optional(), second: z.int().optional(), third"),
    );
    await watch.logged(/admin\.schema\.ts:4:/);
    expect(project.read("generated/session.ts")).not.toContain("get third()");
    project.write("admin.schema.ts", parts.replace("shape:", admin));
    await watch.logged(both);
    for (const folder of ["generated", "admin"])
      expect(project.read(`${folder}/session.ts`)).toContain("get third()");
    expect(await watch.end("SIGINT")).toBe(0);
  });

  it("follows the schema through faults, renames and deletion, and says nothing of its own writing", async () => {
    project = createProject({ "session.schema.ts": schemaText("a: z.int().optional()") });
    project.write("generated/shape.ts", "// mine\n");
    await using watch = startWatch(project.folder);
    await watch.logged(/generated\/shape\.ts was not written by session-gen[\s\S]*Watching/);
    rmSync(join(project.folder, "generated/shape.ts"));
    project.write("session.schema.ts", schemaText("a: z.any()"));
    expect(await watch.logged(/a: `any`/)).toContain("session.schema.ts:3:");
    project.write("new.ts", schemaText("b: z.int().optional(), a: z.int().optional()"));
    renameSync(join(project.folder, "new.ts"), join(project.folder, "session.schema.ts"));
    await watch.logged(/created {2}generated\/session\.ts[\s\S]*session\.model\.json\n/);
    project.delete("session.schema.ts");
    await watch.logged(/There is no such file/);
    project.write(
      "session.schema.ts",
      schemaText("a: z.int().optional(), c: z.int().optional(), b: z.int().optional()"),
    );
    await watch.logged(/updated {2}session\.model\.json/);
    expect(project.read("generated/session.ts")).toContain("get c()");
    project.write("session.schema.ts", `${project.read("session.schema.ts")}// a comment\n`);
    expect(await watch.logged(/\n/)).toBe("Everything is current.\n");
    expect(await watch.end("SIGINT")).toBe(0);
  });

  it.each(["check", "dry-run", "json"])("is refused beside --%s", async (option) => {
    project = createProject({ "session.schema.ts": schemaText("a: z.int().optional()") });
    const { code, log } = await project.run("--watch", `--${option}`);
    expect(code).toBe(2);
    expect(log).toBe(
      `session-gen: --watch writes at each change, and cannot be combined with --${option}.\n`,
    );
  });
});
