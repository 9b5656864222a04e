import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Makes one file of plain JavaScript of a script of the bench, as apps are run: beside a loader of TypeScript, one process
 * in three optimises worse. Packages stay what they are. Returns the path of the file.
 *
 * @param script Path of the script from this folder, without `.ts`.
 */
export function bundleScript(script: string): string {
  const entry = new URL(`./${script}.ts`, import.meta.url);
  const outfile = fileURLToPath(new URL(`./.cache/${basename(script)}.mjs`, import.meta.url));
  buildSync({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    tsconfig: fileURLToPath(new URL("../demo/tsconfig.json", import.meta.url)),
    // What it reads stands beside its sources.
    define: { "import.meta.url": JSON.stringify(entry.href) },
    ...{ bundle: true, packages: "external", platform: "node", format: "esm" },
  });
  return outfile;
}
