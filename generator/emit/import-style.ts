import { dirname } from "node:path";
import { projectConfig } from "../project-config.js";
import type { ImportExtension } from "./source-file.js";

/**
 * How the files beside a schema import each other, by the tsconfig.json that holds for it; with `.js` where there is none,
 * and with `.ts` where Node's own resolution is asked for and the project imports `.ts` files by their names.
 */
export function importStyle(schemaFile: string): ImportExtension {
  const options = projectConfig(dirname(schemaFile))?.config.compilerOptions ?? {};
  const resolution = options.moduleResolution?.toLowerCase();
  const module = options.module?.toLowerCase() ?? "";
  // These modules resolve as a bundler does unless told otherwise.
  const isBundled = resolution === undefined ? bundledModules.includes(module) : resolution === "bundler";
  if (isBundled) return "none";
  const namesTs =
    options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true;
  return namesTs ? "ts" : "js";
}

const bundledModules: readonly string[] = ["preserve", "esnext", "es2015", "es2020", "es2022"];
