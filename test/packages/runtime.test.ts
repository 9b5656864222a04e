import { readdirSync, realpathSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../../runtime/package.json" with { type: "json" };
import { root } from "../house/source-files.js";
import { createProject } from "./installed-project.js";

/** A module of Nest is a class with its decorators, so that this one means nothing without Nest. */
const needsItsFramework = ["./nest"];
const entries = Object.keys(manifest.exports).filter(
  (entry) => entry !== "./package.json" && !needsItsFramework.includes(entry),
);

test("the runtime alone is a production install: every entry loads without any other package", async () => {
  using project = createProject({ packages: [], isProduction: true });
  expect(readdirSync(project.path("node_modules"))).toEqual(["@session-gen"]);
  expect(readdirSync(project.path("node_modules/@session-gen/runtime")).sort()).toContain("LICENSE-MIT");
  const names = entries.map((entry) => JSON.stringify(`@session-gen/runtime${entry.slice(1)}`));
  project.write(
    "entries.js",
    `for (const name of [${names.join(", ")}]) {
      if (Object.keys(await import(name)).length === 0) throw new Error(name + " exports nothing");
      console.log(import.meta.resolve(name));
    }`,
  );
  const { code, output } = await project.run("node", "entries.js");
  expect({ code, output }).toMatchObject({ code: 0 });
  const places = output.trim().split("\n");
  expect(places).toHaveLength(entries.length);
  const installed = `file://${realpathSync(project.path("node_modules/@session-gen/runtime/dist"))}`;
  expect(places.filter((place) => !place.startsWith(installed) || place.includes(root))).toEqual([]);
});

test("a package that a backend needs and nobody installed is named in one line", async () => {
  using project = createProject({ packages: [], isProduction: true });
  project.write(
    "missing.js",
    `import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
    const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:" });
    console.log(await backend.load("a").catch((error) => error.code + ": " + error.message));`,
  );
  const { output } = await project.run("node", "missing.js");
  expect(output).toMatch(/^config: .*kysely is not installed.*npm install kysely/);
  expect(output.trim().split("\n")).toHaveLength(1);
});

test("what generated code and schema files import comes from the tarballs", async () => {
  using project = createProject({ packages: ["zod"] });
  project.write(
    "places.js",
    `for (const name of ["session-gen", "@session-gen/runtime"]) console.log(import.meta.resolve(name));`,
  );
  const { output } = await project.run("node", "places.js");
  const installed = `file://${realpathSync(project.path("node_modules"))}/`;
  expect(
    output
      .trim()
      .split("\n")
      .filter((place) => !place.startsWith(installed)),
  ).toEqual([]);
});
