import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cachedPackage } from "./cached-package.js";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const blocks = codeBlocks("docs/testing.md");
const tests = blocks.filter(({ name }) => name.endsWith(".test.ts"));
const project = createProject({
  packages: ["zod", "express", "@types/express", "fastify", "vitest"],
});
afterAll(() => project[Symbol.dispose]());

/** Each runner starts processes of its own, on a machine that may be busy. */
const patience = { timeout: 240_000 };

/** As jest and mocha have it without an import; node:test wants one. */
const importLines: Readonly<Record<string, string>> = {
  "node:test": 'import { test } from "node:test";',
  jest: "",
  mocha: "const test = it;",
};

describe("the page on testing", () => {
  test("compiles as printed, and its tests pass in vitest", patience, async () => {
    for (const { name, text } of blocks) project.write(name, text);
    expect(tests.length).toBe(3);
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    const { compilerOptions, ...rest } = JSON.parse(strictConfig);
    const emitted = {
      ...compilerOptions,
      noEmit: false,
      outDir: "out",
      declaration: false,
      isolatedDeclarations: false,
    };
    project.write(
      "tsconfig.json",
      JSON.stringify({ ...rest, compilerOptions: { ...emitted, skipLibCheck: true } }),
    );
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
    const { code, output } = await project.run(
      "node",
      "node_modules/vitest/vitest.mjs",
      "run",
      "--exclude",
      "out",
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(Number(/Tests +(\d+) passed/.exec(output.replaceAll(ansi, ""))?.[1])).toBeGreaterThan(30);
  });

  test.each([
    { runner: "node:test", args: ["node", "--test", "node-test/"], passed: /^# pass (\d+)/m },
    {
      runner: "jest",
      args: ["node", "--experimental-vm-modules", jest(), "--rootDir", "jest"],
      passed: /^Tests: +(\d+) passed/m,
    },
    { runner: "mocha", args: ["node", mocha(), "mocha/*.test.js"], passed: /(\d+) passing/ },
  ])("has tests that pass in $runner too", patience, async ({ runner, args, passed }) => {
    const folder = runner.replace(":", "-");
    for (const name of readdirSync(project.path("out"), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".js")) continue;
      const text = project.read(join("out", name));
      project.write(
        join(folder, name),
        text.replace('import { test } from "vitest";', importLines[runner] ?? ""),
      );
    }
    project.write(join(folder, "package.json"), '{ "type": "module" }');
    const [command = "", ...rest] = args;
    const { code, output } = await project.run(command, ...rest);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(Number(passed.exec(output.replaceAll(ansi, ""))?.[1]), output).toBeGreaterThan(30);
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the one that begins a colour.
const ansi = /\x1b\[[\d;]*m/g;

function jest(): string {
  return join(cachedPackage("jest", "30.5.2"), "node_modules/jest/bin/jest.js");
}

function mocha(): string {
  return join(cachedPackage("mocha", "12.0.3"), "node_modules/mocha/bin/mocha.js");
}
