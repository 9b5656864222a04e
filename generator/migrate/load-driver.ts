import { createRequire } from "node:module";
import { join } from "node:path";
import { CommandError } from "../command.js";

/** The package of a driver, as the project has it installed. */
export interface DriverPackage {
  readonly name: string;
  /** As the schema says it. */
  readonly dialect: string;
  /** What to install, when that is more than the name. */
  readonly install?: string;
}

/** Loads a driver from the project, not from beside the command. Throws `CommandError`, in one line, when it is not there. */
export function loadDriver(projectFolder: string, { name, dialect, install = name }: DriverPackage): unknown {
  const require = createRequire(join(projectFolder, "session.schema.ts"));
  try {
    return require(name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    throw new CommandError(
      `The package ${name} is not installed; database({ dialect: "${dialect}" }) needs it: npm install ${install}`,
    );
  }
}
