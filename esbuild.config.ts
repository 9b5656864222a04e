import { build } from "esbuild";
import manifest from "./runtime/package.json" with { type: "json" };

/**
 * Bundles the runtime into `runtime/dist`: each entry of its manifest is a file of its own, and what several of them need
 * is a chunk that all of them share, so that a class is the same class whichever entry it came through. Not minified:
 * stack traces name what they pass, and a comment in a chunk names the source of what follows.
 */
const entryPoints = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target.default.replace("./dist/", "runtime/").replace(/\.js$/, ".ts")],
);

await build({
  entryPoints,
  ...{ outbase: "runtime", outdir: "runtime/dist", chunkNames: "chunks/[hash]" },
  ...{ bundle: true, splitting: true, format: "esm", packages: "external" },
  ...{ platform: "node", target: "es2022", tsconfig: "runtime/tsconfig.build.json" },
  logLevel: "warning",
});
