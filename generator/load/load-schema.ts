import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { definitionBrand, type SessionDefinition } from "../../schema/definition.js";
import { SchemaError, type SchemaFault } from "../schema-error.js";
import { faultOfImport, missingFile } from "./import-fault.js";
import { tsconfigOf } from "./path-aliases.js";
import { readSource, type SchemaSource } from "./read-source.js";
import { sharePackages } from "./shared-packages.js";
import { faultAt, type SourceNode, type SourcePosition, unknownSource } from "./source-node.js";
import { withoutMark } from "./without-mark.js";

/** A schema file: what it says as a value, and what only its text tells. */
export interface LoadedSchema {
  /** An absolute path. */
  readonly file: string;
  readonly definition: SessionDefinition;
  /** The argument of `defineSession`: `member("shape")`, `member("indexes")`, … */
  readonly source: SourceNode;
  /** Absolute paths of the person's own files that were read, the schema first; packages are left out. */
  readonly dependencies: readonly string[];
  /** What is likely to be a mistake and hinders nothing. */
  readonly warnings: readonly SchemaFault[];
}

/**
 * Runs a schema file for its value and reads its text for comments and positions.
 * `file` is an absolute path. Each call runs the file anew.
 *
 * @throws SchemaError when it cannot be read or run, or does not export a definition by default.
 */
export async function loadSchema(file: string): Promise<LoadedSchema> {
  const start: SourcePosition = { file, line: 1, column: 1 };
  const text = await readFile(file, "utf8").catch((): undefined => undefined);
  if (text === undefined) {
    const hint = "Name the file with --schema, or write one with `session-gen init`.";
    throw new SchemaError([faultAt(start, `There is no such file. ${hint}`)]);
  }
  if ("Bun" in globalThis) throw new SchemaError([faultAt(start, notOnBun)]);
  const source = readText(file, text);
  const imported: string[] = [];
  // tsx does not say which files a CommonJS project requires; the text does.
  const dependencies = (read: SchemaSource | undefined): readonly string[] =>
    Object.freeze([...new Set([file, ...imported, ...(read?.syntax.files() ?? [])])]);
  const exports = await runFile(file, imported).catch(async (cause: unknown): Promise<never> => {
    const read = await source;
    const missing = missingFile(cause, file);
    throw new SchemaError(
      [faultOfImport(cause, file, read?.syntax)],
      [...dependencies(read), ...(missing === undefined ? [] : [missing])],
    );
  });
  const read = await source;
  return Object.freeze({
    file,
    definition: definitionOf(exports, { file, read, dependencies: dependencies(read) }),
    source: read?.node ?? unknownSource(file),
    dependencies: dependencies(read),
    warnings: (read?.syntax.environmentReads() ?? []).map((position) => faultAt(position, readNow)),
  });
}

/** It has not the hooks by which tsx runs a file. */
const notOnBun =
  "Bun cannot run the command, which is for Node, 20.19 or 22.12 or later: npx session-gen, or bunx where Node is installed. What is generated runs on Bun, too.";

const readNow =
  'process.env is read now, and its value written into generated code; write env("NAME") where a string is asked for, or give the value to createSessions() in the app.';

/** Loads the parser, which takes most of a second, while the file runs. */
async function readText(file: string, text: string): Promise<SchemaSource | undefined> {
  const { ts } = await import("ts-morph");
  return readSource(ts, file, withoutMark(text));
}

async function runFile(file: string, imported: string[]): Promise<unknown> {
  const { tsImport } = await import("tsx/esm/api");
  sharePackages();
  const { cache } = createRequire(import.meta.url);
  const before = new Set(Object.keys(cache));
  try {
    const url = pathToFileURL(file).href;
    return await tsImport(url, {
      // Of this module, which may be marked as shared itself, tsx would take the mark for the schema's.
      parentURL: url,
      tsconfig: tsconfigOf(file),
      onImport: (url) => {
        if (isOwnFile(url)) imported.push(fileURLToPath(url));
      },
    });
  } finally {
    // tsx runs a module anew each time, and what a CommonJS project requires there only once.
    for (const path of Object.keys(cache)) {
      if (!before.has(path) && !/[\\/]node_modules[\\/]/.test(path)) delete cache[path];
    }
  }
}

const packageFolder = new URL("../../", import.meta.url).href;

/** Whether the person wrote it: not a package, and not this one. */
function isOwnFile(url: string): boolean {
  const ours = ["schema/", "dist/"].some((folder) => url.startsWith(packageFolder + folder));
  return url.startsWith("file:") && !url.includes("/node_modules/") && !ours;
}

interface ReadFile {
  readonly file: string;
  readonly read: SchemaSource | undefined;
  readonly dependencies: readonly string[];
}

function definitionOf(exports: unknown, { file, read, dependencies }: ReadFile): SessionDefinition {
  const value = isObject(exports) ? exports["default"] : undefined;
  // A package whose type is "commonjs" gives the schema's exports as the default export's members.
  const definition = isObject(value) && "default" in value ? value["default"] : value;
  if (isDefinition(definition)) return definition;
  const what =
    definition === undefined
      ? "The schema file has no default export."
      : "The default export is not a session definition.";
  const position = read?.node.position ?? { file, line: 1, column: 1 };
  const fault = faultAt(position, `${what} Write \`export default defineSession({ … })\`.`);
  throw new SchemaError([fault], dependencies);
}

function isDefinition(value: unknown): value is SessionDefinition {
  return isObject(value) && value[definitionBrand] === true && isObject(value["options"]);
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}
