import { expect, test } from "vitest";
import { codeBlock } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const page = "docs/evolution.md";

const store = `import { createSessions } from "./generated/index.js";
const sessions = createSessions();
console.log(await sessions.create({ user: 7, price: "2.5", theme: "sepia" }).ensureKey());
await sessions.close();
`;

test("the page on changes carries a session over them, by the code that it shows", {
  timeout: 120_000,
}, async () => {
  using project = createProject({ packages: ["zod"] });
  project.write("session.schema.ts", codeBlock(page, "before/session.schema.ts"));
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  project.write("store.ts", store);
  const stored = await project.run("tsx", "store.ts");
  expect(stored.code, stored.output).toBe(0);
  project.write("store.ts", "");
  project.write("session.schema.ts", codeBlock(page, "after/session.schema.ts"));
  project.write("session.upgrade.ts", codeBlock(page, "session.upgrade.ts"));
  const generated = await project.run("session-gen", "--drop", "currency");
  expect(generated.code, generated.output).toBe(0);
  // The upgrade file exports a call, as a schema does.
  const { compilerOptions, ...files } = JSON.parse(strictConfig);
  const options = { ...compilerOptions, isolatedDeclarations: false };
  project.write("tsconfig.json", JSON.stringify({ ...files, compilerOptions: options }));
  project.write("read.ts", codeBlock(page, "read.ts"));
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  project.environment["SESSION_KEY"] = stored.output.trim();
  expect(await project.run("tsx", "read.ts")).toEqual({ code: 0, output: "" });
  // What is not converted by type does not compile.
  const wrong = codeBlock(page, "session.upgrade.ts").replace("Math.round(Number(old) * 100)", "old");
  project.write("session.upgrade.ts", wrong);
  expect((await project.run("tsc")).output).toContain("Type 'string' is not assignable to type 'number'");
});
