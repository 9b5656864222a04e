import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A TypeScript file of this repository, its path relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** What is written by a machine, or on purpose against the rules. */
const notOurs = new Set(["node_modules", "dist", "golden", "generated", "migrations", "schemas", "coverage"]);

/** The hand-written TypeScript files of a top-level folder; none when there is no such folder. */
export function sourceFiles(...rooms: readonly string[]): readonly SourceFile[] {
  return rooms.flatMap((room) => filesBelow(join(root, room))).map(read);
}

function filesBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(path);
    return /\.[cm]?tsx?$/.test(entry.name) ? [path] : [];
  });
}

function entriesOf(folder: string): ReturnType<typeof readFolder> {
  try {
    return readFolder(folder);
  } catch {
    return [];
  }
}

function readFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function read(path: string): SourceFile {
  return { path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
}
