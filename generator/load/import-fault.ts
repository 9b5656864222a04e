import { createRequire } from "node:module";
import { dirname, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as words from "../../schema/index.js";
import { nearest } from "../rules/nearest.js";
import type { SchemaFault } from "../schema-error.js";
import { faultAt } from "./source-node.js";
import type { Syntax } from "./syntax.js";

/** What went wrong when a schema file was run, at the place that the person can mend. */
export function faultOfImport(cause: unknown, file: string, syntax: Syntax | undefined): SchemaFault {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return (
    syntaxFault(error) ??
    missingFault(error, file, syntax) ??
    exportFault(error, file, syntax) ??
    thrownFault(error, file, syntax)
  );
}

/** esbuild says `/path/file.ts:2:7: ERROR: Expected …`, columns from 0. */
function syntaxFault(error: Error): SchemaFault | undefined {
  const match = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message);
  const [, file, line, column, message] = match ?? [];
  if (file === undefined || error.name !== "TransformError") return undefined;
  const hint = column === "0" && /(?:found|Unexpected) "<<"$/.test(message ?? "") ? conflictHint : "";
  return faultAt(
    { file, line: Number(line), column: Number(column) + 1 },
    `Syntax error: ${message}.${hint}`,
  );
}

const conflictHint =
  " It looks like one of git's conflict markers: settle this file by hand, then run session-gen --merge, which settles the rest.";

/** The absolute path of the file that was not found when a schema file was run; `undefined` when it was another fault. */
export function missingFile(cause: unknown, file: string): string | undefined {
  const missing = cause instanceof Error ? missingModule(cause, file) : undefined;
  return missing && isPath(missing.name)
    ? resolve(dirname(missing.importer), toPath(missing.name))
    : undefined;
}

function missingModule(
  error: Error,
  file: string,
): { readonly name: string; readonly importer: string } | undefined {
  const code = "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  const [, name, from] =
    /Cannot find (?:package|module) '([^']+)'(?: imported from (.+)|\nRequire stack:\n- (.+))?/
      .exec(error.message)
      ?.filter((part) => part !== undefined) ?? [];
  if (name === undefined) return undefined;
  return { name, importer: from === undefined ? file : toPath(from.replace(/\?.*$/, "")) };
}

function missingFault(error: Error, file: string, syntax: Syntax | undefined): SchemaFault | undefined {
  const { name, importer } = missingModule(error, file) ?? {};
  if (name === undefined || importer === undefined) return undefined;
  const specifier = isPath(name)
    ? `./${relative(dirname(importer), resolve(dirname(importer), toPath(name)))}`
    : name;
  const written = syntax?.importOf(importer, (text) => isSpecifier(text, specifier));
  const position = written ?? { file: importer, line: 1, column: 1 };
  if (isPath(specifier))
    return faultAt(position, `The file ${specifier} that is imported here does not exist.`);
  if (/^(?:@\/|~|#)/.test(name)) {
    return faultAt(
      position,
      `${name} leads to no file: see \`paths\` in tsconfig.json, and \`imports\` in package.json.`,
    );
  }
  const [, packageName = name] = /^((?:@[^/]+\/)?[^/]+)/.exec(name) ?? [];
  return faultAt(
    position,
    `The package ${packageName} is not installed. Run \`npm install -D ${packageName}\`.`,
  );
}

function isPath(text: string): boolean {
  return /^(?:[./]|file:|[a-z]:[\\/])/i.test(text);
}

/** Node names the importing file, and its line, at the start of the stack. */
function exportFault(error: Error, file: string, syntax: Syntax | undefined): SchemaFault | undefined {
  const [, specifier, name] =
    /^The requested module '(.+)' does not provide an export named '(.+)'/.exec(error.message) ?? [];
  if (error.name !== "SyntaxError" || specifier === undefined || name === undefined) return undefined;
  const [, place] = /^(.+):\d+\n/.exec(error.stack ?? "") ?? [];
  const importer = place === undefined ? file : toPath(place.replace(/\?.*$/, ""));
  const position = syntax?.importOf(importer, (text) => isSpecifier(text, specifier), name);
  return faultAt(
    position ?? { file: importer, line: 1, column: 1 },
    `${specifier} has no export ${name === "default" ? "by default" : JSON.stringify(name)}.${wordHint(specifier, name)}`,
  );
}

/** The words of a schema file are known, so that a misspelt one is recognised. */
function wordHint(specifier: string, name: string): string {
  if (specifier.startsWith("@session-gen/") && Object.hasOwn(words, name))
    return ' The words of a schema come from "session-gen".';
  const near = specifier === "session-gen" ? nearest(name, Object.keys(words)) : undefined;
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** `./a.js` may be written `././a.js`, and a package may be asked for a file in it. */
function isSpecifier(text: string, specifier: string): boolean {
  if (!specifier.startsWith(".")) return text === specifier || text.startsWith(`${specifier}/`);
  return text.startsWith(".") && posix.normalize(text) === posix.normalize(specifier);
}

function toPath(text: string): string {
  return text.startsWith("file:") ? fileURLToPath(text) : text;
}

function thrownFault(error: Error, file: string, syntax: Syntax | undefined): SchemaFault {
  const hint = importHint(error) || zodHint(error, file, syntax);
  const message = `The schema file threw ${error.name}: ${firstLine(error.message)}${hint}`;
  for (const line of error.stack?.split("\n") ?? []) {
    // In parentheses, where a name stands before it, which may be a path itself.
    const [, place, row, column] =
      /(?:.* \(|at (?:async )?)((?:file:\/\/)?\/.+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (place === undefined || place.includes("/node_modules/")) continue;
    const path = toPath(place);
    if (isStackOf(path, file))
      return faultAt({ file: path, line: Number(row), column: Number(column) }, message);
  }
  return faultAt({ file, line: 1, column: 1 }, message);
}

function importHint({ name, message }: Error): string {
  const [, word = ""] = /^(\w+) is not defined/.exec(message) ?? [];
  if (name !== "ReferenceError" || !Object.hasOwn(words, word)) return "";
  return `. Add it to the import from "session-gen"`;
}

/** Another zod than the one that schemas are written with lacks its functions. */
function zodHint({ name, message }: Error, file: string, syntax: Syntax | undefined): string {
  if (name !== "TypeError" || !message.endsWith("is not a function")) return "";
  if (syntax?.importOf(file, (text) => /^zod\/(?:v3|v4-mini|mini)$/.test(text)) !== undefined)
    return '. A schema takes zod 4 itself: import { z } from "zod"';
  if (syntax?.importOf(file, (text) => text === "zod") === undefined) return "";
  const version = installedZod(file);
  return version === undefined || Number.parseInt(version, 10) >= 4
    ? ""
    : `. zod ${version} is installed, and a schema takes zod 4: npm install -D zod@4`;
}

function installedZod(file: string): string | undefined {
  try {
    const manifest: unknown = createRequire(file)("zod/package.json");
    return typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The first frame outside packages is the person's own, unless the error came from this generator. */
function isStackOf(path: string, file: string): boolean {
  return path === file || !path.startsWith(fileURLToPath(new URL("../", import.meta.url)));
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.replace(/\.$/, "") ?? "";
}
