import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";

/** One thing that is wrong in a schema file, and where. */
export interface SchemaFault {
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  /** What is wrong and what to write instead; one line. */
  readonly message: string;
}

/** Everything that is wrong with the schema files, in source order. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly faults: readonly SchemaFault[];
  /** Absolute paths of the person's own files that were read, and of one that was looked for and is missing. */
  readonly dependencies: readonly string[];

  constructor(faults: readonly SchemaFault[], dependencies: readonly string[] = []) {
    super(faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.message}`).join("\n"));
    this.faults = Object.freeze([...faults]);
    this.dependencies = Object.freeze([...dependencies]);
  }
}

/** How faults are shown. */
export interface RenderFaultsOptions {
  /** Paths are shown relative to this absolute folder. */
  readonly cwd: string;
  /** Colours for a terminal; plain text unless asked for. */
  readonly colour?: boolean;
  /** The text of a file, or `undefined` when it cannot be read, which leaves out the frame. */
  readonly readText?: (file: string) => string | undefined;
}

/** The faults for people: `file:line:column`, the message, and the lines around it; one blank line between them. */
export function renderFaults(faults: readonly SchemaFault[], options: RenderFaultsOptions): string {
  const readText = options.readText ?? readFile;
  const texts = new Map([...new Set(faults.map(({ file }) => file))].map((file) => [file, readText(file)]));
  const paint = options.colour ? colours : plain;
  const rendered = faults.map((fault) => {
    const { line, column, message } = fault;
    const file = relativePath(fault.file, options.cwd);
    const place = `${paint.path(file)}:${paint.number(String(line))}:${paint.number(String(column))}`;
    const frame = codeFrame(fault, texts.get(fault.file), paint);
    return [`${place} ${paint.error(message)}`, ...frame].join("\n");
  });
  return rendered.join("\n\n");
}

/** A path for people and for `--json`: relative to `cwd`, with forward slashes. */
export function relativePath(file: string, cwd: string): string {
  return (relative(cwd, file) || ".").split(sep).join("/");
}

type Paint = Readonly<Record<"path" | "number" | "error" | "gutter", (text: string) => string>>;

const plain: Paint = { path: same, number: same, error: same, gutter: same };

const colours: Paint = {
  path: (text) => `\u001b[36m${text}\u001b[39m`,
  number: (text) => `\u001b[33m${text}\u001b[39m`,
  error: (text) => `\u001b[31m${text}\u001b[39m`,
  gutter: (text) => `\u001b[90m${text}\u001b[39m`,
};

const linesAround = 1;

function codeFrame(fault: SchemaFault, text: string | undefined, paint: Paint): readonly string[] {
  const lines = text?.split(/\r\n?|\n/) ?? [];
  if (lines[fault.line - 1] === undefined) return [];
  const first = Math.max(1, fault.line - linesAround);
  const last = Math.min(lines.length, fault.line + linesAround);
  const width = String(last).length;
  const frame: string[] = [""];
  for (let number = first; number <= last; number++) {
    const line = lines[number - 1] ?? "";
    const isFault = number === fault.line;
    const gutter = `${isFault ? ">" : " "} ${String(number).padStart(width)} |`;
    frame.push(`${paint.gutter(gutter)}${line === "" ? "" : ` ${line}`}`);
    if (!isFault) continue;
    // Tabs stay tabs, so that the caret stands under its column whatever their width.
    const indent = line.slice(0, fault.column - 1).replaceAll(/[^\t]/g, " ");
    frame.push(`${paint.gutter(`  ${" ".repeat(width)} |`)} ${indent}${paint.error("^")}`);
  }
  return frame;
}

function readFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

function same(text: string): string {
  return text;
}
