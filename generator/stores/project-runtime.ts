import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { CommandError } from "../command.js";

/** Calls a function of the runtime that the project of a schema has installed, which is the one its app runs on. */
export type CallRuntime = (name: string, ...args: readonly unknown[]) => unknown;

/**
 * The functions of `@session-gen/runtime`, or of a module in it such as `backends/redis`, as the schema's folder
 * resolves it. Throws `CommandError` when it is not installed there.
 */
export async function importRuntime(schemaFile: string, module?: string): Promise<CallRuntime> {
  const specifier = module === undefined ? packageName : `${packageName}/${module}`;
  const path = resolveFrom(schemaFile, specifier);
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
  return (name, ...args) => {
    const member = exported[name];
    if (typeof member === "function") return member(...args);
    throw new CommandError(`The installed ${specifier} has no ${name}. ${advice}`);
  };
}

const packageName = "@session-gen/runtime";
const advice = "Install the version that fits this command: npm install @session-gen/runtime";

function resolveFrom(schemaFile: string, specifier: string): string {
  try {
    return createRequire(schemaFile).resolve(specifier);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "MODULE_NOT_FOUND")
      throw new CommandError(`The package ${packageName} is not installed beside the schema. ${advice}`);
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED")
      throw new CommandError(`The installed ${packageName} has no ${specifier}. ${advice}`);
    throw error;
  }
}
