import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { main } from "../../../generator/cli.js";

const root = new URL("../../../test/.cache/", import.meta.url).pathname;

/** A folder to run commands in, where the packages of this repository resolve. */
export interface TestProject {
  readonly folder: string;
  write(path: string, content: string): void;
  read(path: string): string;
  delete(path: string): void;
  run(...args: readonly string[]): Promise<TestRun>;
  /** Runs a command in a folder of the project. */
  runIn(folder: string, ...args: readonly string[]): Promise<TestRun>;
  remove(): void;
}

export interface TestRun {
  readonly code: number;
  readonly out: string;
  readonly log: string;
  /** The one object that `--json` prints. */
  readonly json: {
    readonly status: string;
    readonly files: { path: string; state: string }[];
    readonly errors: object[];
    readonly changes: { field: string; severity: string; advice: string }[];
    readonly migrations: { name: string; applied: boolean }[];
  };
}

export function createProject(files: Readonly<Record<string, string>> = {}): TestProject {
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, "project-"));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), isTsconfig(path) ? withOurPackages(content) : content);
  };
  // The cache of generations goes here, apart from other tests'.
  mkdirSync(join(folder, "node_modules"));
  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    delete: (path) => rmSync(join(folder, path), { recursive: true }),
    run: (...args) => runIn(folder, args),
    runIn: (path, ...args) => runIn(join(folder, path), args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function isTsconfig(path: string): boolean {
  return /^tsconfig[\w.]*\.json$/.test(basename(path));
}

/** A project's own tsconfig hides ours, by which the packages of this repository resolve. */
function withOurPackages(content: string): string {
  const config: { readonly compilerOptions?: { readonly paths?: object } } = JSON.parse(content);
  const schema = new URL("../../../schema/", import.meta.url).pathname;
  const ours = { "session-gen": [`${schema}index.ts`], "session-gen/typebox": [`${schema}typebox.ts`] };
  const paths = { ...ours, ...config.compilerOptions?.paths };
  return JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, paths } });
}

async function runIn(cwd: string, args: readonly string[]): Promise<TestRun> {
  const [printed, logged]: [string[], string[]] = [[], []];
  const code = await main(args, {
    cwd,
    print: (text) => void printed.push(text),
    log: (text) => void logged.push(text),
    color: false,
  });
  const [out, log] = [printed.join(""), logged.join("")];
  return { code, out, log, json: args.includes("--json") ? JSON.parse(out) : undefined };
}

/** A schema with these fields and further options, as source text. */
export function schemaText(fields: string, options = "backend: memory()"): string {
  return `import { database, defineSession, env, memory } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ ${fields} }), ${options} });
`;
}

export const sqlite = 'backend: database({ dialect: "sqlite", url: env("TEST_DATABASE_URL") })';
