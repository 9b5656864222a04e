import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { strictestOptions } from "../../packages/strict-project.js";
import { goldenCases, readTree } from "./golden-cases.js";

const root = new URL("../../../", import.meta.url).pathname;

const { options: strictest } = ts.convertCompilerOptionsFromJson(
  {
    ...strictestOptions,
    lib: [...strictestOptions.lib, "es2024.string", "dom"],
    typeRoots: [join(root, "node_modules/@types")],
    allowImportingTsExtensions: true,
    // The runtime is read from its sources here, whose libraries do not pass.
    skipLibCheck: true,
    paths: {
      "@session-gen/runtime": [join(root, "runtime/index.ts")],
      "@session-gen/runtime/backends/*": [join(root, "runtime/backends/*.ts")],
      "@session-gen/runtime/analytics/*": [join(root, "runtime/analytics/*.ts")],
      "@session-gen/runtime/codecs/*": [join(root, "runtime/record/*.ts")],
      "@session-gen/runtime/compression/*": [join(root, "runtime/record/compression/*.ts")],
    },
  },
  root,
);

const resolutions = [
  { name: "NodeNext", module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  { name: "Bundler", module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
] as const;

function complaints(files: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const program = ts.createProgram(files, options);
  return ts.getPreEmitDiagnostics(program).flatMap(({ file, start = 0, messageText }) => {
    if (file !== undefined && !isGenerated(file.fileName)) return [];
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return [`${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`];
  });
}

/** A person's own file may say less of its types. */
function isGenerated(path: string): boolean {
  return path.includes("/golden/") && !path.endsWith(".upgrade.ts");
}

describe("what is generated", () => {
  it.each(resolutions)(
    "compiles under the strictest settings with $name",
    { timeout: 300_000 },
    ({ name, ...how }) => {
      const files = goldenCases
        .filter((golden) => golden.name !== "memory" || name === "Bundler")
        .flatMap(({ expected }) => Object.keys(readTree(expected)).map((path) => join(expected, path)))
        .filter((path) => path.endsWith(".ts"));
      expect(files.length).toBeGreaterThan(30);
      expect(complaints(files, { ...strictest, ...how })).toEqual([]);
    },
  );
});
