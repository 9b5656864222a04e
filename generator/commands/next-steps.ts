import { sqlitePackage } from "../migrate/sqlite-package.js";
import { frameworkLines } from "./framework-lines.js";
import type { Project, StarterBackend } from "./project.js";

/** What to do after `init`, for a person: commands, and what about the project needs to be known. */
export function nextSteps(project: Project, nodeVersion: string): string {
  const { install, run, backend, adapters, importExtension, output } = project;
  const { needed, development } = missingPackages(project, nodeVersion);
  const steps = [
    ...(needed === "" ? [] : [`${install} ${needed}`]),
    ...(development === "" ? [] : [`${install} -D ${development}`]),
    `${run} session-gen${" ".repeat(12)}# generates ${output}; again after each change of the schema`,
    ...(hasTable(backend) ? [`${run} session-gen migrate up # creates the table`] : []),
  ];
  const use = frameworkLines(adapters, importExtension).map((line) => (line === "" ? "\n" : `  ${line}\n`));
  const notes = notesOn(project, nodeVersion).map((note) => `\n${note}\n`);
  return `Next:\n${steps.map((step) => `  ${step}\n`).join("")}\nIn the app:\n${use.join("")}${notes.join("")}`;
}

function missingPackages(
  { installed, backend, shapes }: Project,
  nodeVersion: string,
): { readonly needed: string; readonly development: string } {
  const missing = (names: readonly string[]): string[] => names.filter((name) => !installed.has(name));
  const needed = missing(["@session-gen/runtime", ...(hasTable(backend) ? ["kysely"] : [])]);
  const types = ["express", "koa"].filter((name) => installed.has(name)).map((name) => `@types/${name}`);
  const development = missing(["session-gen", "typescript", shapes, ...types]);
  if (isTooNewSqlite(installed, nodeVersion)) needed.push(sqlitePackage(nodeVersion));
  if (shapes === "zod" && /^[\^~]?3\b/.test(installed.get("zod") ?? "")) development.push("zod@4");
  return { needed: needed.join(" "), development: development.join(" ") };
}

/** Whether sessions are in a table, which has to be created. */
function hasTable(backend: StarterBackend): boolean {
  return backend !== "memory" && backend !== "redis";
}

/** The variable that names a server; a file needs none. */
const servers: Readonly<
  Partial<Record<StarterBackend, { readonly variable: string; readonly name: string }>>
> = {
  postgres: { variable: "DATABASE_URL", name: "PostgreSQL" },
  mysql: { variable: "DATABASE_URL", name: "MySQL" },
  redis: { variable: "REDIS_URL", name: "Redis" },
};

/** Whether package.json asks for a version of better-sqlite3 that this Node cannot load. */
function isTooNewSqlite(installed: Project["installed"], nodeVersion: string): boolean {
  const range = installed.get("better-sqlite3") ?? "";
  const isPinned = sqlitePackage(nodeVersion) !== "better-sqlite3";
  return isPinned && Number(/^[\^~>=]*(\d+)/.exec(range)?.[1] ?? 0) > 12;
}

function notesOn(project: Project, nodeVersion: string): readonly string[] {
  const packages = `kysely ${sqlitePackage(nodeVersion)}`;
  const server = servers[project.backend];
  return [
    ...(server === undefined
      ? []
      : [
          `Sessions go to ${server.name}; ${server.variable} says where, and the schema where it is not set.`,
        ]),
    ...(project.backend === "memory"
      ? [
          `Sessions are in memory and gone at restart. To keep them: ${project.install} ${packages}, and in the schema
  backend: database({ dialect: "sqlite", url: "./sessions.sqlite" }) instead of memory()
Or redis() with ioredis, database() with kysely and pg or mysql2, file() with nothing.`,
        ]
      : []),
    // A bundler, such as that of Next, takes modules either way.
    ...(project.isModule || project.importExtension === "none"
      ? []
      : [
          `This package is CommonJS: package.json has no "type": "module". It runs as it is; tsc needs "module": "nodenext"
in tsconfig.json and verbatimModuleSyntax off. Simplest: ${project.becomeModule}`,
        ]),
  ];
}
