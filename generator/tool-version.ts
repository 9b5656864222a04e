import { existsSync, readFileSync } from "node:fs";

/** The version of this package, from its package.json: beside the sources, or above the compiled files. */
export function toolVersion(): string {
  const places = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url));
  const place = places.find((candidate) => existsSync(candidate));
  const manifest: unknown = place === undefined ? {} : JSON.parse(readFileSync(place, "utf8"));
  const isVersioned = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isVersioned ? String(manifest.version) : "unknown";
}
