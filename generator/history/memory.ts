import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Decisions } from "./decisions.js";
import { joinConflict } from "./join-conflict.js";
import { type ModelFile, parseModelFile, type UnreadableModelFile } from "./model-file.js";
import type { Obstacle } from "./obstacle.js";
import { prune } from "./prune.js";

/** What is remembered of a schema, and why that cannot be built on. */
export interface Memory {
  /** Absolute. */
  readonly path: string;
  /** Absent when there is none, or none that can be read. */
  readonly file: ModelFile | undefined;
  readonly obstacles: readonly Obstacle[];
}

/** Where the model file of a schema file is: `session.schema.ts` has `session.model.json` beside it. */
export function modelFilePath(schemaFile: string): string {
  return join(
    dirname(schemaFile),
    `${basename(schemaFile).replace(/(?:\.schema)?\.[cm]?[jt]sx?$/, "")}.model.json`,
  );
}

/**
 * Reads the model file of a schema. `isFirst`: whether nothing was generated before, so that it may be missing.
 * Decisions may take both sides of a conflict in it, and drop old versions.
 */
export async function readMemory(
  schemaFile: string,
  isFirst: () => Promise<boolean>,
  { merge, livingShapes }: Decisions = {},
): Promise<Memory> {
  const path = modelFilePath(schemaFile);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  const name = basename(path);
  const without = (message: string): Memory => ({
    path,
    file: undefined,
    obstacles: [{ status: "undecided", message }],
  });
  if (text === undefined) {
    return (await isFirst()) ? { path, file: undefined, obstacles: [] } : without(missing(name));
  }
  const parsed = merge === true ? joinConflict(text) : parseModelFile(text);
  if ("versions" in parsed) {
    const file = livingShapes === undefined ? parsed : prune(parsed, livingShapes).file;
    return { path, file, obstacles: [] };
  }
  return without(problems[parsed.problem](name));
}

function missing(name: string): string {
  return `${name} is missing beside earlier output or migrations. Restore it from version control: it keeps what stored sessions depend on. To start afresh, delete the output and the migrations too.`;
}

const problems: Readonly<Record<UnreadableModelFile["problem"], (name: string) => string>> = {
  "conflict markers": conflicted,
  "not a model file": noModelFile,
  "changed by hand": changed,
};

function conflicted(name: string): string {
  return `${name} holds git conflict markers: two branches changed the schema. Settle the schema file, then run session-gen --merge: it takes both sides of ${name}, and the schema as it is now.`;
}

function changed(name: string): string {
  return `${name} has a version that is not what was written under its hash: it was changed by hand, merged badly, or its keys were sorted by a formatter. Stored sessions are read by it, so restore it from version control; after a merge, check out the branch that is deployed, merge again, and run session-gen --merge.`;
}

function noModelFile(name: string): string {
  return `${name} is no model file. Restore it from version control: it keeps what stored sessions depend on.`;
}
