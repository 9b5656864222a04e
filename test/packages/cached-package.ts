import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../house/source-files.js";

/**
 * The folder of a package at an exact version, which is no dependency of ours: its `node_modules` holds the package and
 * what it needs. It is installed from the registry once, and kept in this repository's own `node_modules`.
 */
export function cachedPackage(name: string, version: string): string {
  const folder = join(root, "node_modules/.cache/session-gen-tests", `${name.replace("/", "-")}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  // Another run may install it as well: a folder appears whole or not at all.
  const fresh = mkdtempSync(`${folder}.`);
  writeFileSync(join(fresh, "package.json"), "{}");
  const settings = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--no-package-lock"];
  execFileSync("npm", ["install", ...settings, `${name}@${version}`], {
    cwd: fresh,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
