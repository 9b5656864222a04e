import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Where Chromium is: named by the environment, or Debian's. Installed by apt when it is missing and this is root on
 * Debian. `null`, said loudly, when there is none and none can be had; with `CI=true` that is a failure.
 */
export function findChromium(): string | null {
  const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (existsSync(path) || install(path)) return path;
  const message = `The tests of the shop need Chromium, and there is none at ${path}: install it, or name it in CHROMIUM.`;
  if (process.env["CI"] === "true") throw new Error(message);
  console.warn(`\n*** SKIPPED: ${message}\n`);
  return null;
}

function install(path: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit", timeout: 120_000 });
    const options = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
    execFileSync("apt-get", options, {
      stdio: "inherit",
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  } catch {
    console.warn("apt-get could not install Chromium.");
  }
  return existsSync(path);
}
