import { dirname } from "node:path";
import { getTsconfig } from "get-tsconfig";
import type { ImportExtension } from "./source-file.js";

/** How the files beside a schema import each other, by the tsconfig.json that holds for it; with `.js` where there is none. */
export function importStyle(schemaFile: string): ImportExtension {
  const options = getTsconfig(dirname(schemaFile))?.config.compilerOptions;
  const resolution = options?.moduleResolution?.toLowerCase();
  const module = options?.module?.toLowerCase();
  if (resolution !== undefined) return resolution === "bundler" ? "none" : "js";
  // These modules resolve as a bundler does unless told otherwise.
  return module !== undefined && ["preserve", "esnext", "es2015", "es2020", "es2022"].includes(module)
    ? "none"
    : "js";
}
