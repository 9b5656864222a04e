import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const lines = codeBlocks("docs/compression-and-encryption.md").filter(({ name }) => !name.endsWith(".ts"));

/** Two commands for all lines, on a machine that may be busy. */
const patience = { timeout: 120_000 };

test("every option of the page is a line that a schema takes, and its code compiles", patience, async () => {
  expect(lines.length).toBeGreaterThan(0);
  using project = createProject({ packages: ["zod"] });
  for (const { name, text } of lines) project.write(`${name}/session.schema.ts`, schemaWith(name, text));
  const schemas = lines.flatMap(({ name }) => ["--schema", `${name}/session.schema.ts`]);
  expect(await project.run("session-gen", ...schemas)).toMatchObject({ code: 0 });
  for (const { name } of lines) {
    const [word = ""] = name.split("-");
    expect(project.read(`${name}/generated/sessions.ts`), name).toContain(`  ${word}: `);
  }
  const folders = lines.map(({ name }) => `${name}/generated`);
  project.write("tsconfig.json", JSON.stringify({ ...JSON.parse(strictConfig), include: folders }));
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
});

function schemaWith(name: string, line: string): string {
  const words = ["defineSession", "env", "memory"].filter((word) =>
    `defineSession memory ${line}`.includes(word),
  );
  return `import { ${words.join(", ")} } from "session-gen";
import { z } from "zod";

export default defineSession({
  name: "${name}Session",
  shape: z.object({ visits: z.int().default(0) }),
  backend: memory(),
${line}});
`;
}
