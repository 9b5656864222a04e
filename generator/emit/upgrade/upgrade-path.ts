import { dirname, relative, resolve, sep } from "node:path";

/** The path from the output folder to the file that a schema names for its upgrades, with forward slashes; `undefined` without one. */
export function upgradePath(
  schemaFile: string,
  upgrade: string | undefined,
  output: string,
): string | undefined {
  if (upgrade === undefined) return undefined;
  return relative(output, resolve(dirname(schemaFile), upgrade))
    .split(sep)
    .join("/");
}
