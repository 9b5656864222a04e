import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { InstalledProject } from "./installed-project.js";

/**
 * A folder with packages that no clone of this repository has, for being too large or of another version: installed by npm
 * when they are first asked for, and kept for the next time.
 */
export function installOnDemand(name: string, dependencies: Readonly<Record<string, string>>): string {
  const folder = join(tmpdir(), `session-gen-on-demand-${name}`);
  const installed = join(folder, "installed.json");
  const wanted = JSON.stringify({ name, private: true, type: "module", dependencies });
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), wanted);
  execFileSync("npm", ["install", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "ignore",
    timeout: 600_000,
  });
  writeFileSync(installed, wanted);
  return folder;
}

/** Gives a project packages from such a folder. */
export function linkPackages(project: InstalledProject, folder: string, names: readonly string[]): void {
  for (const name of names) {
    const link = project.path(`node_modules/${name}`);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, "node_modules", name), link, "dir");
  }
}
