import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { relativePath } from "../schema-error.js";

/** Where else a `session.schema.ts` is: up to two folders below, or in a folder above; relative, at most three. */
export function otherSchemas(cwd: string): readonly string[] {
  const found = [...below(cwd, 2), ...above(cwd)];
  return found.slice(0, 3).map((file) => relativePath(file, cwd));
}

const name = "session.schema.ts";

function below(folder: string, depth: number): readonly string[] {
  return foldersIn(folder).flatMap((child) => {
    const file = join(child, name);
    return [...(existsSync(file) ? [file] : []), ...(depth > 1 ? below(child, depth - 1) : [])];
  });
}

function above(folder: string): readonly string[] {
  const parent = dirname(folder);
  if (parent === folder) return [];
  const file = join(parent, name);
  return existsSync(file) ? [file] : above(parent);
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}
