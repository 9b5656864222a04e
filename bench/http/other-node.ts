import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Another Node than the one that this process runs in, in a folder that goes when it is disposed of. */
export interface OtherNode extends Disposable {
  readonly execPath: string;
  /** As `process.version` has it. */
  readonly version: string;
}

/** Installs the newest Node of a major version from npm; `undefined`, said loudly, where that cannot be had. */
export function installNode(major: number): OtherNode | undefined {
  const folder = mkdtempSync(join(tmpdir(), "session-gen-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `node@${major}`], {
      ...{ cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
    });
    const execPath = join(folder, "node_modules/node/bin/node");
    const version = execFileSync(execPath, ["--version"], { encoding: "utf8" }).trim();
    return { execPath, version, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    console.warn(
      `\n*** SKIPPED: what is measured under Node ${major}, which npm could not install.\n`,
      error,
    );
    return undefined;
  }
}
