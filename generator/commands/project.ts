import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CommandError } from "../command.js";
import { importStyle } from "../emit/import-style.js";
import type { ImportExtension } from "../emit/source-file.js";
import { projectConfig } from "../project-config.js";
import { knownFrameworks } from "./framework-lines.js";

/** What `init` needs to know about the project it stands in. */
export interface Project {
  /** Version ranges in package.json by package, whatever kind of dependency. */
  readonly installed: ReadonlyMap<string, string>;
  /** Whether Node takes the package's `.ts` and `.js` files for ES modules. */
  readonly isModule: boolean;
  /** How the app imports a generated file. */
  readonly importExtension: ImportExtension;
  /** Where generated code goes, seen from the schema: where the project's build looks for its sources. */
  readonly output: string;
  /** Whether the compiler wants a type on what a file exports: `isolatedDeclarations`. */
  readonly isAnnotated: boolean;
  /** The library that the shape is written with. */
  readonly shapes: "zod" | "typebox" | "@sinclair/typebox";
  /** Where sessions go, by the drivers among the dependencies. */
  readonly backend: StarterBackend;
  /** Frameworks among the dependencies that have an adapter with typings. */
  readonly adapters: readonly string[];
  /** How to add a package: `npm install`, `pnpm add`. */
  readonly install: string;
  /** How package.json is told that the package is of ES modules. */
  readonly becomeModule: string;
  /** How to run a package's command: `npx`, `pnpm exec`. */
  readonly run: string;
}

/** A place for sessions that a starter schema can name. */
export type StarterBackend = "postgres" | "mysql" | "redis" | "sqlite" | "memory";

/** Reads package.json and tsconfig.json, and looks for a lock file. Throws `CommandError` where there is no package.json. */
export async function readProject(cwd: string): Promise<Project> {
  const manifest = await readManifest(join(cwd, "package.json"));
  const installed = new Map(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((kind) =>
      Object.entries(objectAt(manifest, kind)).map(([name, range]) => [name, String(range)] as const),
    ),
  );
  const shapes =
    (["zod", "typebox", "@sinclair/typebox"] as const).find((name) => installed.has(name)) ?? "zod";
  return {
    installed,
    isModule: "type" in manifest && manifest.type === "module",
    importExtension: importStyle(join(cwd, "session.schema.ts")),
    output: outputFolder(cwd),
    isAnnotated: projectConfig(cwd)?.config.compilerOptions?.isolatedDeclarations === true,
    shapes,
    backend: drivers.find(({ name }) => installed.has(name))?.backend ?? "memory",
    adapters: [...knownFrameworks].flatMap(([name, adapter]) => (installed.has(name) ? [adapter] : [])),
    ...packageManager(cwd, manifest),
  };
}

/** A compiler that is told of a folder of sources, as by `nest new`, refuses what they import from outside. */
function outputFolder(cwd: string): string {
  for (const name of ["tsconfig.build.json", "tsconfig.json"]) {
    const tsconfig = projectConfig(cwd, name);
    const rootDir = tsconfig?.config.compilerOptions?.rootDir;
    if (tsconfig === null || rootDir === undefined) continue;
    const sources = relative(cwd, resolve(dirname(tsconfig.path), rootDir))
      .split(sep)
      .join("/");
    if (sources !== "" && !sources.startsWith("..")) return `./${sources}/generated`;
  }
  return "./generated";
}

/** The driver of each backend; a server that the app has already comes before a file. */
const drivers = [
  { name: "pg", backend: "postgres" },
  { name: "mysql2", backend: "mysql" },
  { name: "ioredis", backend: "redis" },
  { name: "better-sqlite3", backend: "sqlite" },
] as const;

interface PackageManager {
  readonly install: string;
  readonly run: string;
  readonly becomeModule: string;
}

const npm = { install: "npm install", run: "npx", becomeModule: "npm pkg set type=module" };
const pnpm = { install: "pnpm add", run: "pnpm exec", becomeModule: "pnpm pkg set type=module" };
const yarn = { install: "yarn add", run: "yarn", becomeModule: 'add "type": "module" to package.json' };
const bun = { install: "bun add", run: "bunx", becomeModule: "bun pm pkg set type=module" };

const managers: readonly (PackageManager & { readonly name: string; readonly lock: string })[] = [
  { name: "pnpm", lock: "pnpm-lock.yaml", ...pnpm },
  { name: "yarn", lock: "yarn.lock", ...yarn },
  { name: "bun", lock: "bun.lock", ...bun },
  { name: "bun", lock: "bun.lockb", ...bun },
  { name: "npm", lock: "package-lock.json", ...npm },
];

/** By `packageManager` in package.json, else by the nearest lock file: in a workspace it is further up. */
function packageManager(cwd: string, manifest: object): PackageManager {
  const declared = "packageManager" in manifest ? String(manifest.packageManager).split("@")[0] : undefined;
  const named = managers.find(({ name }) => name === declared);
  const { install, run, becomeModule } = named ?? byLockFile(cwd) ?? npm;
  return { install, run, becomeModule };
}

function byLockFile(folder: string): PackageManager | undefined {
  const found = managers.find(({ lock }) => existsSync(join(folder, lock)));
  const parent = dirname(folder);
  return found ?? (parent === folder ? undefined : byLockFile(parent));
}

async function readManifest(path: string): Promise<object> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new CommandError(
      "There is no package.json here. Run init in the folder of the project, after npm init.",
    );
  });
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === "object" && manifest !== null) return manifest;
  } catch {
    // Said below.
  }
  throw new CommandError("package.json is not valid JSON.");
}

function objectAt(parent: object, name: string): Readonly<Record<string, unknown>> {
  const value: unknown = Object.entries(parent).find(([key]) => key === name)?.[1];
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
