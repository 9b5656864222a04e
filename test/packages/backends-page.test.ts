import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const lines = codeBlocks("docs/backends.md");

/** The words of a schema file, of which only those that a line calls may be imported. */
const words = [
  ...["cache", "cached", "cookie", "custom", "database", "env"],
  ...["file", "jwt", "memory", "redis", "replicated"],
];

/** Two commands for all lines, on a machine that may be busy. */
const patience = { timeout: 120_000 };

test("every backend of the page is a line that a schema takes, and its code compiles", patience, async () => {
  expect(lines.length).toBeGreaterThan(10);
  using project = createProject({ packages: ["zod", "ioredis", "kysely", "jose"] });
  for (const { name, text } of lines) project.write(`${name}/session.schema.ts`, schemaWith(name, text));
  const schemas = lines.flatMap(({ name }) => ["--schema", `${name}/session.schema.ts`]);
  expect(await project.run("session-gen", ...schemas)).toMatchObject({ code: 0 });
  for (const { name, text } of lines) {
    const [, word = ""] = /^backend: (\w+)\(/.exec(text) ?? [];
    const maker =
      word === "custom" ? "options.backend" : `create${word[0]?.toUpperCase()}${word.slice(1)}Backend({`;
    expect(project.read(`${name}/generated/sessions.ts`), name).toContain(maker);
  }
  const folders = lines.map(({ name }) => `${name}/generated`);
  project.write("tsconfig.json", JSON.stringify({ ...JSON.parse(strictConfig), include: folders }));
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
});

function schemaWith(name: string, line: string): string {
  const kind = name.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase());
  const called = words.filter((word) => new RegExp(`\\b${word}\\(`).test(line));
  return `import { ${["defineSession", ...called].sort().join(", ")} } from "session-gen";
import { z } from "zod";

export default defineSession({
  name: "${kind}Session",
  shape: z.object({ visits: z.int().default(0) }),
${line}});
`;
}
