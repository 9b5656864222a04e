import { afterEach, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

/** What is wrong with a schema whose third line is this, in a project without `"type": "module"`. */
async function errorsOf(line: string): Promise<readonly object[]> {
  project = createProject({
    "package.json": "{}",
    "session.schema.ts": `import { defineSession } from "session-gen";
import { z } from "zod";
${line}
export default defineSession({ shape: z.object({ part }) });
`,
    "inner/parts.ts":
      'import { z } from "no-such-package/inside";\nexport const part = z.string().optional();\n',
  });
  const { code, json } = await project.run("--json");
  expect(code).toBe(2);
  return json.errors;
}

describe("what a CommonJS project lacks", () => {
  it("is a package, at its own import", async () => {
    expect(await errorsOf('import { part } from "no-such-package";')).toEqual([
      {
        file: "session.schema.ts",
        line: 3,
        column: 22,
        message: "The package no-such-package is not installed. Run `npm install -D no-such-package`.",
      },
    ]);
  });

  it("is a package that an imported file wants", async () => {
    expect(await errorsOf('import { part } from "./inner/parts.js";')).toMatchObject([
      {
        file: "inner/parts.ts",
        line: 1,
        column: 19,
        message: expect.stringMatching(/^The package no-such-package is not/),
      },
    ]);
  });

  it("is a file", async () => {
    expect(await errorsOf('import { part } from "./inner/none.js";')).toMatchObject([
      {
        file: "session.schema.ts",
        line: 3,
        column: 22,
        message: "The file ./inner/none.js that is imported here does not exist.",
      },
    ]);
  });
});
