import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the scripts of `test/suites/processes` stand as plain files, which start at once. */
    readonly processFolder: string;
  }
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const scripts = join(root, "test/suites/processes");

/** Bundles the scripts that tests start as processes, some of them a hundred times; the folder goes with the test run. */
export default async function bundleProcesses(project: TestProject): Promise<() => void> {
  const folder = join(root, "node_modules/.cache", `session-gen-test-${process.pid}`);
  const bundle = async (): Promise<void> => {
    await build({
      root,
      configFile: join(root, "vitest.config.ts"),
      logLevel: "error",
      // A query builder of a few hundred modules takes longer to start than all else together.
      ssr: { noExternal: ["kysely"] },
      build: {
        ssr: true,
        rolldownOptions: { input: readdirSync(scripts).map((name) => join(scripts, name)) },
        outDir: folder,
        minify: false,
      },
    });
  };
  await bundle();
  project.onTestsRerun(bundle);
  project.provide("processFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
