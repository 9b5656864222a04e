import { findTsconfig, getTsconfig, type TsConfigResult } from "get-tsconfig";
import { SchemaError } from "./schema-error.js";

/**
 * The tsconfig.json that holds for a folder, with what it extends; `null` when there is none.
 *
 * @throws SchemaError when it cannot be read, as where a package that it extends is not installed.
 */
export function projectConfig(folder: string, name = "tsconfig.json"): TsConfigResult | null {
  try {
    return getTsconfig(folder, name);
  } catch (error) {
    const file = findTsconfig(folder, name) ?? name;
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    throw new SchemaError([
      {
        file,
        line: 1,
        column: 1,
        message: `${name} cannot be read: ${reason}. Is what it extends there, and installed?`,
      },
    ]);
  }
}
