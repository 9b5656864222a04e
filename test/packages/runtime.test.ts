import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../runtime/package.json" with { type: "json" };
import { root, sourceFiles } from "../house/source-files.js";
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

test("a driver that would end the process, or lose bytes, is refused in one line before it is used", async () => {
  using project = createProject({ packages: ["kysely", "pg"], isProduction: true });
  const future = { name: "better-sqlite3", version: "99.0.0", engines: { node: ">=99" }, main: "die.cjs" };
  project.write("node_modules/better-sqlite3/package.json", JSON.stringify(future));
  project.write("node_modules/better-sqlite3/die.cjs", "process.exit(139)");
  // Where a package finds it that is linked from elsewhere.
  project.write("native/pg-native/index.js", "module.exports = class {};");
  project.write("native/package.json", "{}");
  project.write(
    "refused.js",
    `import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
    for (const [dialect, url] of [["sqlite", ":memory:"], ["postgres", "postgres://127.0.0.1:1/none"]])
      await createDatabaseBackend({ dialect, url }).load("a").catch(({ code, message }) => console.log(code, message));`,
  );
  const environment = ["NODE_PG_FORCE_NATIVE=1", `NODE_PATH=${project.path("native")}`];
  const { output } = await project.run("env", ...environment, "node", "refused.js");
  expect(output.trim().split("\n")).toEqual([
    expect.stringMatching(
      /^config better-sqlite3 99.0.0 needs Node 99 or later.*npm install better-sqlite3@12$/,
    ),
    expect.stringMatching(/^config .*NODE_PG_FORCE_NATIVE/),
  ]);
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

test("each source stands in one file of the package, so that entries share classes and state", async () => {
  using project = createProject({ packages: [], isProduction: true });
  const dist = project.path("node_modules/@session-gen/runtime/dist");
  const sources = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [...sourcesIn(readFileSync(join(dist, name), "utf8"))]);
  expect(sources.length).toBeGreaterThan(150);
  expect(sources.filter((source, index) => sources.indexOf(source) !== index)).toEqual([]);
  const known = new Set(sourceFiles("runtime").map(({ path }) => path));
  expect(sources.filter((source) => !known.has(source))).toEqual([]);

  project.write(
    "shared.js",
    `import { SessionError } from "@session-gen/runtime";
    import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
    const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:" });
    console.log(await backend.load("a").catch((error) => error instanceof SessionError));`,
  );
  expect((await project.run("node", "shared.js")).output).toBe("true\n");
});

test("a stack trace names our functions", async () => {
  using project = createProject({ packages: [], isProduction: true });
  project.write(
    "stack.js",
    `import { openSealedSessions } from "@session-gen/runtime";
    import { createCookieBackend } from "@session-gen/runtime/backends/cookie";
    const open = (cookieName) => createCookieBackend({ keys: "", cookieName });
    try { openSealedSessions({}, {}, open); } catch ({ stack }) { console.log(stack); }`,
  );
  expect((await project.run("node", "stack.js")).output).toMatch(
    /at openSealedSessions \(.*runtime\/dist\/.*\.js:\d+:\d+\)/,
  );
});

/** The sources that a bundled file names, each before what comes of it. */
function sourcesIn(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(/^\/\/ (runtime\/.+\.ts)$/gm), ([, source = ""]) => source));
}
