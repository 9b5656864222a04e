import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { isNightly } from "../suites/faults/scale.js";
import { createProject, type InstalledProject } from "./installed-project.js";
import { strictConfig, strictestOptions } from "./strict-project.js";

/** The oldest and the newest that a user may have, and what is between them. The compiler of this repository is there anyway. */
const versions = isNightly ? ["installed", "5.4", "5.9", "6", "7"] : ["installed"];

/** Fetches a compiler, on a machine that may be busy. */
const patience = { timeout: 300_000 };

test.each(versions)("what is generated compiles with TypeScript %s", patience, async (version) => {
  using project = createProject({ packages: ["zod"] });
  project.write(
    "session.schema.ts",
    readFileSync(join(root, "test/golden/generated/every-kind/session.schema.ts"), "utf8"),
  );
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  project.write("app.ts", app);
  const compilerOptions = optionsOf(version);
  project.write("tsconfig.json", JSON.stringify({ ...JSON.parse(strictConfig), compilerOptions }));
  const tsc = version === "installed" ? "node_modules/typescript/bin/tsc" : fetched(project, version);
  expect(await project.run("node", tsc)).toEqual({ code: 0, output: "" });
});

const app = `import { createSessions, type SessionData, validate } from "./generated/index.js";

const sessions = createSessions();
const session = await sessions.open();
session.count = 3;
// @ts-expect-error
session.count = "3";
session.deep.push({ at: new Date(), by: [] });
export const data: SessionData = session.toObject();
if (validate(data)) for (const name of session.keys()) session.delete(name);
`;

/** Without the settings that a version does not have yet. */
function optionsOf(version: string): object {
  const { isolatedDeclarations, erasableSyntaxOnly, ...older } = strictestOptions;
  return version === "5.4" ? older : { ...older, isolatedDeclarations, erasableSyntaxOnly };
}

function fetched(project: InstalledProject, version: string): string {
  const folder = project.path(`compiler-${version}`);
  const args = [
    "install",
    "--prefix",
    folder,
    "--no-save",
    "--no-audit",
    "--no-fund",
    `typescript@${version}`,
  ];
  execFileSync("npm", args, { cwd: project.folder, stdio: "ignore", env: process.env, timeout: 300_000 });
  return join(folder, "node_modules/typescript/bin/tsc");
}
