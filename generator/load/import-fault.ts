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
  if (!("code" in error)) return undefined;
  if (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND") {
    const name = /Cannot find package '([^']+)'/.exec(error.message)?.[1];
    const importer = / imported from (\S+)/.exec(error.message)?.[1] ?? file;
    const position = (name === undefined ? undefined : syntax?.importOf(name)) ?? {
      file: importer.startsWith("file:") ? fileURLToPath(importer) : importer,
      line: 1,
      column: 1,
    };
    if (name !== undefined) {
      return faultAt(position, `The package ${name} is not installed. Run \`npm install ${name}\`.`);
    }
    return faultAt(position, `${firstLine(error.message)}.`);
  }
  return undefined;
}

function thrownFault(error: Error, file: string): SchemaFault {
  const message = `The schema file threw ${error.name}: ${firstLine(error.message)}`;
  for (const line of error.stack?.split("\n") ?? []) {
    const [, place, row, column] = /(?:\(|at )((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (place === undefined || place.includes("/node_modules/")) continue;
    const path = place.startsWith("file:") ? fileURLToPath(place) : place;
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
