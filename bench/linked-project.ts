import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../test/house/source-files.js";

/** A user's project in a folder of its own, whose packages are those of this repository. */
export interface LinkedProject extends Disposable {
  readonly folder: string;
  /** Without what tsx has told this process. */
  readonly environment: NodeJS.ProcessEnv;
  path(name: string): string;
  read(name: string): string;
  write(name: string, text: string): void;
}

/** Links both packages as they are built, and what a schema and a generator need. Needs `npm run build` before. */
export function createLinkedProject(): LinkedProject {
  const folder = mkdtempSync(join(tmpdir(), "session-gen-bench-"));
  const path = (name: string): string => join(folder, name);
  const link = (name: string, source: string): void => {
    mkdirSync(dirname(path(`node_modules/${name}`)), { recursive: true });
    symlinkSync(join(root, source), path(`node_modules/${name}`), "dir");
  };
  link("session-gen", ".");
  link("@session-gen/runtime", "runtime");
  for (const name of ["zod", "tsx", "ts-morph", "ajv"]) link(name, `node_modules/${name}`);
  writeFileSync(path("package.json"), '{ "type": "module" }');
  return {
    folder,
    environment: { PATH: process.env["PATH"] },
    path,
    read: (name) => readFileSync(path(name), "utf8"),
    write: (name, text) => writeFileSync(path(name), text),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
