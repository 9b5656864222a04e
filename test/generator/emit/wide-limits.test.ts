import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

const fields = `
  ratio: z.float32().optional(),
  huge: z.number().min(-1e300).max(1e300).optional(),
  tiny: z.number().gt(1e-30).optional(),
  steps: z.array(z.number().multipleOf(1e21)).optional(),
  mark: z.literal([1e21, -1e-7]).optional(),`;

it("limits that are written with an exponent are limits", async () => {
  project = createProject({ "session.schema.ts": schemaText(fields) });
  expect((await project.run()).code).toBe(0);
  const { validate } = await import(join(project.folder, "generated/validate.ts"));
  expect(validate({ ratio: 3.4e38, huge: -1e300, tiny: 2e-30, steps: [3e21], mark: 1e21 })).toBe(true);
  const misfits = [{ ratio: 3.5e38 }, { huge: -1.1e300 }, { tiny: 1e-30 }, { steps: [1.5e21] }, { mark: 1 }];
  for (const misfit of misfits) expect(validate(misfit), JSON.stringify(misfit)).toBe(false);
});

it("a class without fields imports nothing that it does not use", async () => {
  project = createProject({ "session.schema.ts": schemaText("") });
  expect((await project.run()).code).toBe(0);
  expect(project.read("generated/session.ts")).toContain(
    'import { BaseSession } from "@session-gen/runtime"',
  );
});
