import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { isNightly } from "../suites/faults/scale.js";
import { createProject, type InstalledProject } from "./installed-project.js";
import { installOnDemand, linkPackages } from "./on-demand.js";

const bundlers = { webpack: "5", "@rspack/core": "1", rollup: "4", "@rollup/plugin-node-resolve": "16" };

/** Bundles `app.js` into `bundle.cjs` with the externals of the page on backends, and prints what the bundler warns of. */
const scripts: Readonly<Record<string, string>> = {
  webpack: packing("webpack"),
  Rspack: packing("@rspack/core"),
  Rollup: `
    import resolve from "@rollup/plugin-node-resolve";
    import { rollup } from "rollup";
    const external = ["pg", "mysql2", "better-sqlite3"];
    const onwarn = ({ code, message }) => code === "CIRCULAR_DEPENDENCY" || console.log("warning:", message);
    const bundle = await rollup({ input: "app.js", plugins: [resolve()], external, onwarn });
    await bundle.write({ file: "bundle.cjs", format: "cjs", inlineDynamicImports: true });`,
};

function packing(name: string): string {
  return `
    import bundler from "${name}";
    const externals = Object.fromEntries(
      ["pg", "mysql2", "better-sqlite3"].map((driver) => [driver, "commonjs " + driver]),
    );
    const options = { mode: "production", target: "node", entry: "./app.js", externals };
    const output = { path: process.cwd(), filename: "bundle.cjs" };
    bundler({ ...options, output }, (error, stats) => {
      const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
      for (const { message } of [...errors, ...warnings]) console.log("warning:", message);
    });`;
}

const app = `
  import { createDatabaseBackend } from "@session-gen/runtime/backends/database";

  async function main() {
    const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:" });
    await backend.createTable();
    console.log(await backend.exists("nobody"));
  }
  void main();
`;

const postgresApp = `
  import { createDatabaseBackend } from "@session-gen/runtime/backends/database";

  const backend = createDatabaseBackend({ dialect: "postgres", url: "postgres://127.0.0.1:1/app" });
  backend.load("nobody").catch(({ message }) => console.log(message)).finally(() => backend.close());
`;

async function bundled(project: InstalledProject, script: string, source = app): Promise<string> {
  linkPackages(project, installOnDemand("bundlers", bundlers), Object.keys(bundlers));
  project.write("app.js", source);
  project.write("bundle.js", script);
  return (await project.run("node", "bundle.js")).output;
}

if (isNightly) {
  test.each(Object.entries(scripts))(
    "an app with a database is bundled by %s without a warning, and works with its one driver",
    async (_name, script) => {
      using project = createProject({ packages: ["kysely", "better-sqlite3"], isProduction: true });
      expect(await bundled(project, script)).toBe("");
      expect(await project.run("node", join(project.folder, "bundle.cjs"))).toEqual({
        code: 0,
        output: "false\n",
      });
    },
    300_000,
  );

  test.each(["webpack", "@rspack/core"])(
    "pg goes into the bundle of %s that names pg-native in its place",
    async (bundler) => {
      using project = createProject({ packages: ["kysely", "pg"], isProduction: true });
      const script = packing(bundler).replace('"pg"', '"pg-native"');
      expect(await bundled(project, script, postgresApp)).toBe("");
      rmSync(project.path("node_modules"), { recursive: true });
      const { output } = await project.run("node", join(project.folder, "bundle.cjs"));
      expect(output).toContain("(ECONNREFUSED)");
    },
    300_000,
  );
}

test("the page on backends names the externals of a bundle", () => {
  const page = readFileSync(join(root, "docs/backends.md"), "utf8");
  expect(page).toContain(
    '{ pg: "commonjs pg", mysql2: "commonjs mysql2", "better-sqlite3": "commonjs better-sqlite3" }',
  );
  expect(page).toContain('external: ["pg", "mysql2", "better-sqlite3"]');
});
