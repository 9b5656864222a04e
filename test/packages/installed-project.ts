import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { root } from "../house/source-files.js";
import { tarballOf } from "./tarballs.js";

/** What a user's empty project has besides our two packages. */
export interface ProjectOptions {
  /** Packages that the user installs; what session-gen depends on is there without being named. */
  readonly packages: readonly string[];
  /** `"commonjs"` is what `npm init -y` writes. */
  readonly type?: "module" | "commonjs";
  /** Without the compiler and the command, as in production. */
  readonly isProduction?: boolean;
}

/** How a command ended. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** A project in a folder of its own, outside this repository, with our packages as npm would unpack them. */
export interface InstalledProject extends Disposable {
  readonly folder: string;
  path(name: string): string;
  read(name: string): string;
  write(name: string, text: string): void;
  /** Runs a command of the project's packages, or `node`, to its end. */
  run(command: string, ...args: readonly string[]): Promise<Finished>;
  /** The environment that commands of this project run in. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Unpacks the tarballs of both packages and links every other package to the copy that this repository has, so that
 * nothing is compiled or downloaded. Links exist only for what the packed manifests declare and the user installs:
 * an undeclared dependency is not found, and neither are the sources. Needs `npm run build` before.
 */
export function createProject({
  packages,
  type = "module",
  isProduction = false,
}: ProjectOptions): InstalledProject {
  const folder = mkdtempSync(join(tmpdir(), "session-gen-project-"));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  const modules = path("node_modules");
  const dependencies = Object.fromEntries(packages.map((name) => [name, "*"]));
  write("package.json", JSON.stringify({ name: "shop", version: "1.0.0", type, dependencies }));
  unpack("runtime", join(modules, "@session-gen/runtime"));
  if (!isProduction) {
    unpack(".", join(modules, "session-gen"));
    linkCommand(modules, "session-gen", join(modules, "session-gen/dist/generator/bin.js"));
    for (const name of dependenciesOf(join(modules, "session-gen"))) link(modules, name);
    link(modules, "@types/node");
    // What npm installs of that name.
    link(modules, "typescript", "typescript7");
    linkCommand(modules, "tsc", join(modules, "typescript/bin/tsc"));
    linkCommand(modules, "tsx", join(modules, "tsx/dist/cli.mjs"));
  }
  for (const name of packages) link(modules, name);
  const environment = cleanEnvironment(join(modules, ".bin"));
  return {
    folder,
    path,
    read: (name) => readFileSync(path(name), "utf8"),
    write,
    run: (command, ...args) =>
      run(command, [...args, ...sparing(command)], { cwd: folder, env: environment }),
    environment,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One checker: each of several looks anew at what all files import, on cores that other tests use meanwhile. */
function sparing(command: string): readonly string[] {
  return command === "tsc" ? ["--checkers", "1"] : [];
}

function unpack(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarballOf(source), "-C", target, "--strip-components=1"], { timeout: 60_000 });
}

function dependenciesOf(folder: string): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.keys(
    z.object({ dependencies: z.record(z.string(), z.string()) }).parse(manifest).dependencies,
  );
}

function link(modules: string, name: string, copy = name): void {
  const source = join(root, "node_modules", copy);
  if (!existsSync(source)) throw new Error(`${name} is not installed in this repository.`);
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  if (!existsSync(join(modules, name))) symlinkSync(source, join(modules, name), "dir");
}

function linkCommand(modules: string, name: string, target: string): void {
  mkdirSync(join(modules, ".bin"), { recursive: true });
  if (target.includes("/session-gen/")) chmodSync(target, 0o755);
  symlinkSync(target, join(modules, ".bin", name));
}

/** Nothing that npm, vitest or a terminal told this process. */
function cleanEnvironment(commands: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH: `${commands}:${PATH ?? ""}`,
    ...(HOME !== undefined && { HOME }),
    ...(TMPDIR !== undefined && { TMPDIR }),
  };
}

const execute = promisify(execFile);
const failure = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

async function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Finished> {
  try {
    const { stdout, stderr } = await execute(command, args, { ...options, timeout: 240_000 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = failure.parse(error);
    return { code, output: stdout + stderr };
  }
}
