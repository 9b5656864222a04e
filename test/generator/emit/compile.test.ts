import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../house/source-files.js";
import { strictestOptions } from "../../packages/strict-project.js";
import { goldenCases, readTree } from "./golden-cases.js";

const compilerOptions = {
  ...strictestOptions,
  lib: [...strictestOptions.lib, "es2024.string", "dom"],
  typeRoots: [join(root, "node_modules/@types")],
  allowImportingTsExtensions: true,
  // The runtime is read from its sources here, whose libraries do not pass.
  skipLibCheck: true,
  paths: {
    "@session-gen/runtime": [join(root, "runtime/index.ts")],
    "@session-gen/runtime/backends/*": [join(root, "runtime/backends/*.ts")],
    "@session-gen/runtime/observability/*": [join(root, "runtime/observability/*.ts")],
    "@session-gen/runtime/codecs/*": [join(root, "runtime/codecs/*.ts")],
    "@session-gen/runtime/compression/*": [join(root, "runtime/compression/*.ts")],
  },
};

const resolutions = [
  { name: "NodeNext", module: "nodenext", moduleResolution: "nodenext" },
  { name: "Bundler", module: "esnext", moduleResolution: "bundler" },
] as const;

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, "test/.cache"), { recursive: true });
  folder = mkdtempSync(join(root, "test/.cache/compile-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of these files, or of its settings. */
function complaints(files: readonly string[], how: object): readonly string[] {
  const config = join(folder, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...compilerOptions, ...how }, files }));
  const compiler = join(root, "node_modules/typescript7/bin/tsc");
  const words = [compiler, "-p", config, "--pretty", "false"];
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: "utf8",
    timeout: 80_000,
  });
  const lines = (stdout + stderr).split("\n").filter((line) => /^\S/.test(line));
  return lines.filter((line) => !/^\S+\.ts\(\d/.test(line) || isGenerated(line));
}

/** A person's own file may say less of its types. */
function isGenerated(line: string): boolean {
  return line.includes("/golden/") && !/^\S+\.upgrade\.ts\(/.test(line);
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
      expect(complaints(files, how)).toEqual([]);
      const broken = join(folder, "golden/broken.ts");
      mkdirSync(join(folder, "golden"), { recursive: true });
      writeFileSync(broken, "export const inferred = Math.random();\nexport const wrong: string = 1;\n");
      expect(complaints([broken], how)).toEqual([
        expect.stringContaining("golden/broken.ts(1,14): error TS9010"),
        expect.stringContaining("golden/broken.ts(2,14): error TS2322"),
      ]);
    },
  );
});
