import { dirname } from "node:path";
import { createPathsMatcher, findTsconfig } from "get-tsconfig";
import { projectConfig } from "../project-config.js";

/** Where a specifier that is no relative path leads by `paths` and `baseUrl`: absolute, without a promise that it exists. */
export type PathAliases = (specifier: string) => readonly string[];

/** The aliases of the tsconfig.json that holds for a schema file. It is read when the first one is asked for. */
export function pathAliases(schemaFile: string): PathAliases {
  let matcher: ReturnType<typeof createPathsMatcher> | undefined;
  return (specifier) => {
    // Our own packages are no files of the person, wherever an alias leads.
    if (/^(?:session-gen|@session-gen\/runtime)(?:\/|$)/.test(specifier)) return [];
    if (matcher === undefined) {
      const config = projectConfig(dirname(schemaFile));
      matcher = config && createPathsMatcher(config);
    }
    return matcher?.(specifier) ?? [];
  };
}

/** The tsconfig.json by which a schema file is run: its own project's, wherever the command was started. */
export function tsconfigOf(schemaFile: string): string | false {
  return findTsconfig(dirname(schemaFile)) ?? false;
}
