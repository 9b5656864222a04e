import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GenerateRequest } from "./commands/generate.js";
import type { GenerateResult } from "./generate.js";
import { toolVersion } from "./tool-version.js";

/** What the last generation read and wrote, each file with the hash of its content. */
interface CacheEntry {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The names in the folders that were looked through. */
  readonly folders: Readonly<Record<string, string>>;
}

/**
 * The files of an earlier generation, when nothing that it read or wrote has changed since; else `undefined`.
 * Knows nothing of the compiler, so that it answers at once.
 */
export async function isCurrent(request: GenerateRequest): Promise<readonly string[] | undefined> {
  const entry = readEntry(cachePath(request));
  if (entry === undefined) return undefined;
  const isSame = (files: Readonly<Record<string, string>>, hashOf: (path: string) => string): boolean =>
    Object.entries(files).every(([path, hash]) => hashOf(path) === hash);
  const current =
    isSame(entry.inputs, fileHash) && isSame(entry.outputs, fileHash) && isSame(entry.folders, folderHash);
  return current ? Object.keys(entry.outputs) : undefined;
}

/** Notes what was just generated and written. A cache that cannot be written is none. */
export async function remember(request: GenerateRequest, result: GenerateResult): Promise<void> {
  const outputs = result.files.map(({ path }) => path);
  const folders = [...new Set([...outputs.map((path) => dirname(path)), ...result.outputFolders])];
  const inputs = [...request.schemas, ...result.dependencies, ...request.schemas.flatMap(surroundings)];
  const entry: CacheEntry = {
    inputs: hashes(inputs, fileHash),
    outputs: hashes(outputs, fileHash),
    folders: hashes(folders, folderHash),
  };
  const { replaceFile } = await import("./write.js");
  await replaceFile(cachePath(request), JSON.stringify(entry)).catch(() => undefined);
}

function hashes(paths: readonly string[], hashOf: (path: string) => string): Record<string, string> {
  return Object.fromEntries([...new Set(paths)].map((path) => [path, hashOf(path)]));
}

/**
 * What else decides about the output of a schema file: how files import each other, by a tsconfig.json or what it
 * extends, and which libraries the schema is written with. Absolute paths, of files that may not exist.
 */
export function surroundings(schema: string): readonly string[] {
  const names = [
    "tsconfig.json",
    "package.json",
    // In the place of node_modules, where Yarn has none.
    ".pnp.cjs",
    ...["zod", "typebox", "@sinclair/typebox"].map((name) => `node_modules/${name}/package.json`),
  ];
  return ancestors(dirname(schema)).flatMap((folder) =>
    [...names, ...namesIn(folder).filter((name) => /^tsconfig\..+\.json$/.test(name))].map((name) =>
      join(folder, name),
    ),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function cachePath({ schemas, out }: GenerateRequest): string {
  const home = dirname(schemas[0] ?? ".");
  const root = ancestors(home).find((folder) => existsSync(join(folder, "node_modules"))) ?? home;
  const key = digest(JSON.stringify([toolVersion(), toolFiles(), process.version, schemas, out])).slice(
    0,
    16,
  );
  return join(root, "node_modules", ".cache", "session-gen", `${key}.json`);
}

/** Tells one build of the same version from another, as while session-gen itself is developed. */
function toolFiles(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [here, ...["emit", "history", "load", "model", "rules"].map((name) => join(here, name))];
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs))
    .join();
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function readEntry(path: string): CacheEntry | undefined {
  try {
    const entry: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is CacheEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "inputs" in value &&
    "outputs" in value &&
    "folders" in value
  );
}

/** A hash of what is in a file; "missing" when it cannot be read. */
export function fileHash(path: string): string {
  try {
    return digest(readFileSync(path));
  } catch {
    return "missing";
  }
}

function folderHash(path: string): string {
  try {
    return digest(readdirSync(path).sort().join("\n"));
  } catch {
    return "missing";
  }
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url");
}
