import { expect, test } from "vitest";
import { codeBlock, codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const page = "docs/formats.md";

test("the page on formats has code that compiles, and a line that a schema takes", {
  timeout: 120_000,
}, async () => {
  using project = createProject({ packages: ["zod"] });
  const files = codeBlocks(page).filter(({ name }) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(1);
  for (const { name, text } of files) project.write(`page/${name}`, text);
  project.write(
    "session.schema.ts",
    `import { defineSession, memory } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ visits: z.int().default(0) }), backend: memory(), ${codeBlock(page, "codec")} });
`,
  );
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  expect(project.read("generated/sessions.ts")).toContain("codec: cborCodec(shape)");
  project.write(
    "tsconfig.json",
    JSON.stringify({ ...JSON.parse(strictConfig), include: ["page", "generated"] }),
  );
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
});
