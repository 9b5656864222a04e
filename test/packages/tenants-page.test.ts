import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

test("the page on tenants compiles as it is printed", { timeout: 120_000 }, async () => {
  using project = createProject({ packages: ["express", "@types/express", "zod"] });
  for (const { name, text } of codeBlocks("docs/tenants.md")) project.write(name, text);
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  expect(project.read("generated/sessions.ts")).toContain(
    'tenancy: { maxSessions: 10000, onLimit: "oldest" }',
  );
  project.write("tsconfig.json", strictConfig);
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  // Only what the backend can do is there, and no tenant has tenants.
  project.write(
    "wrong.ts",
    [
      'import { createSessions } from "./generated/index.js";',
      'import { createVaultSessions as createSealed } from "./sealed/generated/index.js";',
      'createSessions().forTenant("a").forTenant("b");',
      'createSessions().forTenant("a").cleanupExpired();',
      "createSessions().list();",
      'createSealed({ keys: "k" }).forTenant("a").list();',
      'createSealed({ keys: "k" }).forTenant("a").create({ visits: 1 });',
    ].join("\n"),
  );
  project.write(
    "sealed/session.schema.ts",
    [
      'import { cookie, defineSession, env } from "session-gen";',
      'import { z } from "zod";',
      "export default defineSession({",
      '  name: "vaultSession", tenancy: {}, backend: cookie({ keys: env("KEYS") }),',
      "  shape: z.object({ visits: z.int().default(0) }),",
      "});",
    ].join("\n"),
  );
  expect(await project.run("session-gen", "--schema", "sealed/session.schema.ts")).toMatchObject({ code: 0 });
  project.write(
    "tsconfig.json",
    JSON.stringify({ ...JSON.parse(strictConfig), include: ["wrong.ts", "generated", "sealed/generated"] }),
  );
  const { output } = await project.run("tsc");
  expect([...output.matchAll(/wrong\.ts[(:](\d+)/g)].map(([, line]) => Number(line))).toEqual([3, 4, 5, 6]);
});
