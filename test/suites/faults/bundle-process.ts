import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** One plain file of a script of `test/suites/processes`, which starts at once: for a test that starts it a hundred times. */
export async function bundleProcess(script: string): Promise<string> {
  const folder = join(root, "node_modules/.cache", `session-gen-test-${process.pid}`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await build({
    root,
    configFile: fileURLToPath(new URL("../../../vitest.config.ts", import.meta.url)),
    logLevel: "error",
    build: { ssr: join(root, "test/suites/processes", script), outDir: folder, minify: false },
  });
  return join(folder, script.replace(/\.ts$/, ".js"));
}
