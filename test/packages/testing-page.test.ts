import { expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

/** Three processes, on a machine that may be busy. */
const patience = { timeout: 120_000 };

test("the page on testing compiles, nightly, and its tests pass as they are printed", patience, async () => {
  using project = createProject({ packages: ["zod", "express", "@types/express", "fastify"] });
  const blocks = codeBlocks("docs/testing.md");
  for (const { name, text } of blocks) project.write(name, text);
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  if (isNightly) {
    const { compilerOptions, ...files } = JSON.parse(strictConfig);
    const settings = { ...files, compilerOptions: { ...compilerOptions, isolatedDeclarations: false } };
    project.write("tsconfig.json", JSON.stringify(settings));
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  }
  const tests = blocks.map(({ name }) => name).filter((name) => name.endsWith(".test.ts"));
  expect(tests).toEqual(["express.test.ts", "fastify.test.ts", "backend.test.ts"]);
  const { code, output } = await project.run("tsx", "--test", "--test-reporter=tap", ...tests);
  expect(output).toContain("# fail 0");
  expect(Number(/# pass (\d+)/.exec(output)?.[1])).toBeGreaterThan(20);
  expect(code).toBe(0);
});
