import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../house/source-files.js";

/** A code block of a document whose first line names a file: ```` ```ts app.ts ````. */
export interface CodeBlock {
  readonly name: string;
  readonly text: string;
}

/** The named code blocks of a Markdown file of this repository. */
export function codeBlocks(document: string): readonly CodeBlock[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", block = ""]) => ({
    name,
    text: block,
  }));
}

/** The block of that name. Throws when there is none. */
export function codeBlock(document: string, name: string): string {
  const block = codeBlocks(document).find((candidate) => candidate.name === name);
  if (block === undefined) throw new Error(`${document} has no code block ${name}.`);
  return block.text;
}
