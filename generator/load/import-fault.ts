import { dirname, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SchemaFault } from "../schema-error.js";
import { faultAt } from "./source-node.js";
import type { Syntax } from "./syntax.js";

/** What went wrong when a schema file was run, at the place that the person can mend. */
export function faultOfImport(cause: unknown, file: string, syntax: Syntax | undefined): SchemaFault {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return syntaxFault(error) ?? missingFault(error, file, syntax) ?? thrownFault(error, file);
}

/** esbuild says `/path/file.ts:2:7: ERROR: Expected …`, columns from 0. */
function syntaxFault(error: Error): SchemaFault | undefined {
  const match = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message);
  const [, file, line, column, message] = match ?? [];
  if (file === undefined || error.name !== "TransformError") return undefined;
  return faultAt({ file, line: Number(line), column: Number(column) + 1 }, `Syntax error: ${message}.`);
}

function missingFault(error: Error, file: string, syntax: Syntax | undefined): SchemaFault | undefined {
  const code = "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  const [, what, name, from] =
    /Cannot find (package|module) '([^']+)'(?: imported from (\S+))?/.exec(error.message) ?? [];
  if (name === undefined) return undefined;
  const importer = from === undefined ? file : toPath(from);
  const specifier = what === "package" ? name : `./${relative(dirname(importer), toPath(name))}`;
  const written = importer === file ? syntax?.importOf((text) => isSpecifier(text, specifier)) : undefined;
  const position = written ?? { file: importer, line: 1, column: 1 };
  const isPackage = !/^[./]/.test(specifier);
  return faultAt(
    position,
    isPackage
      ? `The package ${name} is not installed. Run \`npm install ${name}\`.`
      : `The file ${specifier} that is imported here does not exist.`,
  );
}

/** `./a.js` may be written `././a.js`, and a package may be asked for a file in it. */
function isSpecifier(text: string, specifier: string): boolean {
  if (!specifier.startsWith(".")) return text === specifier || text.startsWith(`${specifier}/`);
  return text.startsWith(".") && posix.normalize(text) === posix.normalize(specifier);
}

function toPath(text: string): string {
  return text.startsWith("file:") ? fileURLToPath(text) : text;
}

function thrownFault(error: Error, file: string): SchemaFault {
  const message = `The schema file threw ${error.name}: ${firstLine(error.message)}`;
  for (const line of error.stack?.split("\n") ?? []) {
    const [, place, row, column] = /(?:\(|at )((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (place === undefined || place.includes("/node_modules/")) continue;
    const path = toPath(place);
    if (isStackOf(path, file))
      return faultAt({ file: path, line: Number(row), column: Number(column) }, message);
  }
  return faultAt({ file, line: 1, column: 1 }, message);
}

/** The first frame outside packages is the person's own, unless the error came from this generator. */
function isStackOf(path: string, file: string): boolean {
  return path === file || !path.startsWith(fileURLToPath(new URL("../", import.meta.url)));
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.replace(/\.$/, "") ?? "";
}
