import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { z } from "zod";
import { root } from "../house/source-files.js";

const packReport = z.array(z.object({ filename: z.string() })).length(1);

/** The tarball of the package in a folder of this repository, as npm would publish it; packed once in a test run. */
export function tarballOf(source: string): string {
  const folder = join(inject("processFolder"), "tarballs");
  const tarball = join(folder, `${source === "." ? "session-gen" : source}.tgz`);
  if (!existsSync(tarball)) pack(source, tarball);
  return tarball;
}

/** Several test files may pack at once: whichever is last leaves the same. */
function pack(source: string, tarball: string): void {
  if (!existsSync(join(root, source, "dist")))
    throw new Error("Run npm run build first: there is nothing to pack.");
  const folder = join(tarball, "..");
  mkdirSync(folder, { recursive: true });
  const target = mkdtempSync(join(folder, "packing-"));
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", target];
  const report = execFileSync("npm", args, {
    cwd: join(root, source),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 120_000,
  });
  const [entry] = packReport.parse(JSON.parse(report));
  renameSync(join(target, entry?.filename ?? ""), tarball);
  rmSync(target, { recursive: true });
}
