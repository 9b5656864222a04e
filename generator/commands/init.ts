import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, CommandError } from "../command.js";
import { replaceFile } from "../write.js";
import { type Project, readProject } from "./project.js";
import { starterSchema } from "./starter-schema.js";

/** `session-gen init`: a starter schema for the project it stands in, and what to do next. */
export const initCommand: Command = {
  options: {},
  run: async ({ cwd, log }, _values, words) => {
    if (words.length > 0) throw new CommandError(`init takes no "${words[0]}".`);
    const path = join(cwd, "session.schema.ts");
    if (existsSync(path)) throw new CommandError("session.schema.ts is here already; init never overwrites.");
    const project = await readProject(cwd);
    await replaceFile(path, starterSchema(project));
    log(`Wrote session.schema.ts.\n\n${nextSteps(project)}`);
    return 0;
  },
};

function nextSteps({ installed, install, run, backend, shapes }: Project): string {
  const missing = (names: readonly string[]): string =>
    names.filter((name) => !installed.has(name)).join(" ");
  const database = backend === "sqlite" ? ["kysely", "better-sqlite3"] : [];
  const needed = missing(["@session-gen/runtime", ...database]);
  const development = missing(["session-gen", "typescript", shapes]);
  const steps = [
    ...(needed === "" ? [] : [`${install} ${needed}`]),
    ...(development === ""
      ? []
      : [`${install} ${install.startsWith("deno") ? "--dev" : "-D"} ${development}`]),
    `${run} session-gen${" ".repeat(12)}# generates ./generated; again after each change of the schema`,
    ...(backend === "sqlite" ? [`${run} session-gen migrate up${" ".repeat(1)}# creates the table`] : []),
  ];
  const use = 'Then: import { createSessions } from "./generated/index.js";';
  return `Next:\n${steps.map((step) => `  ${step}\n`).join("")}\n${use}\n`;
}
