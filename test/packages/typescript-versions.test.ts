import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import manifest from "../../runtime/package.json" with { type: "json" };
import { goldenCases, readTree } from "../generator/emit/golden-cases.js";
import { isNightly } from "../suites/faults/scale.js";
import { cachedPackage } from "./cached-package.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

/** The last of each version since the oldest that is promised; 7 is the compiler that is no JavaScript. */
const versions = ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];
/** All at night; else the ends and the one amidst in which the last strict option appeared. */
const tried = versions.filter((version) => isNightly || ["5.4.5", "5.8.3", "7.0.2"].includes(version));

const project = createProject({
  packages: ["express", "@types/express", "fastify", "ioredis", "kysely", "jose", "prom-client", "zod"],
});
afterAll(() => project[Symbol.dispose]());

const written = new Map<string, string>();
for (const { name, expected } of goldenCases) {
  for (const [path, text] of Object.entries(readTree(expected))) {
    // That project imports as a bundler does; its own tsconfig is tried below.
    if (path.endsWith(".ts")) written.set(`${name === "memory" ? "bundled" : "named"}/${name}/${path}`, text);
  }
}
for (const [path, text] of written) project.write(path, text);
const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
project.write(
  "named/entries.ts",
  entries
    .map((entry, index) => `export type * as entry${index} from "@session-gen/runtime${entry.slice(1)}";\n`)
    .join(""),
);
project.write(
  "named/uses.ts",
  `import { createSessions } from "./shop/generated/index.js";
const session = createSessions().create({ userId: 42 });
// @ts-expect-error a text is no number
session.userId = "42";
// @ts-expect-error an empty filter is everyone
createSessions().revoke({});
`,
);

describe.each(tried)("TypeScript %s", (version) => {
  const has = (minor: string): boolean => version.localeCompare(minor, "en", { numeric: true }) >= 0;

  test.each(["named", "bundled"])(
    "takes our declarations and what is generated, %s imports",
    {
      timeout: 240_000,
    },
    async (imports) => {
      const { compilerOptions } = JSON.parse(strictConfig);
      const options = {
        ...compilerOptions,
        ...(imports === "bundled" && { module: "esnext", moduleResolution: "bundler" }),
        allowImportingTsExtensions: true,
        noUnusedParameters: true,
        noImplicitReturns: true,
        noImplicitOverride: true,
        noPropertyAccessFromIndexSignature: true,
        isolatedModules: true,
        isolatedDeclarations: has("5.5") ? true : undefined,
        erasableSyntaxOnly: has("5.8") ? true : undefined,
        noUncheckedSideEffectImports: has("5.6") ? true : undefined,
      };
      const config = `tsconfig.${imports}.${version}.json`;
      project.write(config, JSON.stringify({ compilerOptions: options, include: [imports] }));
      const tsc = join(cachedPackage("typescript", version), "node_modules/typescript/bin/tsc");
      expect((await project.run("node", tsc, "--version")).output).toContain(version);
      expect(await project.run("node", tsc, "-p", config)).toEqual({ code: 0, output: "" });
    },
  );
});
