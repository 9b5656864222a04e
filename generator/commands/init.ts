import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, CommandError } from "../command.js";
import { replaceFile } from "../write.js";
import { nextSteps } from "./next-steps.js";
import { readProject } from "./project.js";
import { starterSchema } from "./starter-schema.js";

/** `session-gen init`: a starter schema for the project it stands in, and what to do next. */
export const initCommand: Command = {
  help: { usage: "init", codes: {}, example: "session-gen init" },
  options: {},
  run: async ({ cwd, log }, _values, words) => {
    if (words.length > 0) throw new CommandError(`init takes no "${words[0]}".`);
    const path = join(cwd, "session.schema.ts");
    if (existsSync(path))
      throw new CommandError(
        "session.schema.ts is here already, and init never overwrites. Run session-gen to generate from it.",
      );
    const project = await readProject(cwd);
    await replaceFile(path, starterSchema(project));
    log(`Wrote session.schema.ts.\n\n${nextSteps(project, process.versions.node)}`);
    return 0;
  },
};
