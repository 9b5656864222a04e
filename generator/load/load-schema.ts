import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { definitionBrand, type SessionDefinition } from "../../schema/definition.js";
import { SchemaError, type SchemaFault } from "../schema-error.js";
import { faultOfImport } from "./import-fault.js";
import { tsconfigOf } from "./path-aliases.js";
import { readSource, type SchemaSource } from "./read-source.js";
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
  const source = readText(file, text);
  const imported: string[] = [];
  const exports = await runFile(file, imported).catch(async (cause: unknown): Promise<never> => {
    throw new SchemaError([faultOfImport(cause, file, (await source)?.syntax)]);
  });
  const read = await source;
  // tsx does not say which files a CommonJS project requires; the text does.
  const dependencies = new Set([file, ...imported, ...(read?.syntax.files() ?? [])]);
  return Object.freeze({
    file,
    definition: definitionOf(exports, read, start),
    source: read?.node ?? unknownSource(file),
    dependencies: Object.freeze([...dependencies]),
    warnings: (read?.syntax.environmentReads() ?? []).map((position) => faultAt(position, readNow)),
  });
}

const readNow =
  'process.env is read now, and its value written into generated code; write env("NAME") where a string is asked for, or give the value to createSessions() in the app.';

/** Loads the parser, which takes most of a second, while the file runs. */
async function readText(file: string, text: string): Promise<SchemaSource | undefined> {
  const { ts } = await import("ts-morph");
  return readSource(ts, file, withoutMark(text));
}

async function runFile(file: string, imported: string[]): Promise<unknown> {
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(pathToFileURL(file).href, {
    parentURL: import.meta.url,
    tsconfig: tsconfigOf(file),
    onImport: (url) => {
      if (isOwnFile(url)) imported.push(fileURLToPath(url));
    },
  });
}

const packageFolder = new URL("../../", import.meta.url).href;

/** Whether the person wrote it: not a package, and not this one. */
function isOwnFile(url: string): boolean {
  const ours = ["schema/", "dist/"].some((folder) => url.startsWith(packageFolder + folder));
  return url.startsWith("file:") && !url.includes("/node_modules/") && !ours;
}

function definitionOf(
  exports: unknown,
  source: SchemaSource | undefined,
  start: SourcePosition,
): SessionDefinition {
  const value = isObject(exports) ? exports["default"] : undefined;
  // A package whose type is "commonjs" gives the schema's exports as the default export's members.
  const definition = isObject(value) && "default" in value ? value["default"] : value;
  if (isDefinition(definition)) return definition;
  const what =
    definition === undefined
      ? "The schema file has no default export."
      : "The default export is not a session definition.";
  const position = source?.node.position ?? start;
  throw new SchemaError([faultAt(position, `${what} Write \`export default defineSession({ … })\`.`)]);
}

function isDefinition(value: unknown): value is SessionDefinition {
  return isObject(value) && value[definitionBrand] === true && isObject(value["options"]);
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}
