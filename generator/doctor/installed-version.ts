import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";

/**
 * The version of a package as code in this folder imports it, by its package.json: nothing of the package is run. `undefined`
 * when it is not installed.
 */
export function installedVersion(folder: string, name: string): string | undefined {
  const place = plugAndPlayFolder(folder, name) ?? nearestFolder(folder, name);
  if (place === undefined) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : undefined;
}

/** In the nearest node_modules that has it. */
function nearestFolder(folder: string, name: string): string | undefined {
  const place = join(folder, "node_modules", name);
  if (existsSync(join(place, "package.json"))) return place;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestFolder(parent, name);
}

/** Where Yarn keeps the package of a project without node_modules, if this process runs in one: it puts its answers into Node. */
function plugAndPlayFolder(folder: string, name: string): string | undefined {
  const api = hasPlugAndPlay(module) ? module.findPnpApi(join(folder, "/")) : null;
  try {
    return api?.resolveToUnqualified(name, join(folder, "/")) ?? undefined;
  } catch {
    // It throws for a package that the project does not declare.
    return undefined;
  }
}

interface PlugAndPlay {
  findPnpApi(folder: string): {
    /** The folder of a package, which may lie in an archive: `node:fs` reads it there. */
    resolveToUnqualified(name: string, folder: string): string | null;
  } | null;
}

function hasPlugAndPlay(loader: object): loader is PlugAndPlay {
  return "findPnpApi" in loader && typeof loader.findPnpApi === "function";
}
