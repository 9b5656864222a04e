import { expect, test } from "vitest";
import { createProject } from "./installed-project.js";

const schema = `import { database, defineSession } from "session-gen";
import { z } from "zod";

type Role = "admin" | "editor";
const roles = ["admin", "editor"] as const satisfies readonly Role[];

export default defineSession({
  shape: z.object({ role: z.enum(roles).optional() }),
  backend: database({ dialect: "sqlite", url: "sessions.db" }),
});
`;

const twice = `import { generate } from "session-gen";

for (const _ of [1, 2]) {
  const { errors }: { readonly errors: readonly object[] } = await generate({ schema: "session.schema.ts" });
  console.log(JSON.stringify(errors));
}
`;

/** In a process that runs TypeScript by tsx itself, as a script of the project does. */
test("schemas and migrations are run under tsx, however often", { timeout: 120_000 }, async () => {
  using project = createProject({ packages: ["zod", "better-sqlite3"] });
  project.write("session.schema.ts", schema);
  project.write("twice.ts", twice);
  expect(await project.run("tsx", "twice.ts")).toEqual({ code: 0, output: "[]\n[]\n" });

  const command = project.path("node_modules/session-gen/dist/generator/bin.js");
  expect(await project.run("tsx", command)).toMatchObject({ code: 0 });
  expect(await project.run("tsx", command, "migrate", "up")).toMatchObject({ code: 0 });
});
