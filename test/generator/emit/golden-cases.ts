import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder of test/golden/generated: a schema, and the tree that comes of it. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly schema: string;
  /** The tree of what is expected. */
  readonly expected: string;
}

const root = fileURLToPath(new URL("../../golden/generated/", import.meta.url));

export const goldenCases: readonly GoldenCase[] = readdirSync(root).map((name) => {
  const folder = join(root, name);
  const schema = readdirSync(folder).find((file) => file.endsWith(".schema.ts")) ?? "missing.schema.ts";
  return { name, folder, schema: join(folder, schema), expected: join(folder, "expected") };
});

/** The files below a folder by relative path, with forward slashes. */
export function readTree(folder: string, prefix = ""): Readonly<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) Object.assign(tree, readTree(join(folder, entry.name), `${path}/`));
    else tree[path] = readFileSync(join(folder, entry.name), "utf8");
  }
  return tree;
}
