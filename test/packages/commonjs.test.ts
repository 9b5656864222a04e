import { expect, test } from "vitest";
import { createProject } from "./installed-project.js";

const app = `import { createSessions } from "./generated/index.js";

async function main(): Promise<void> {
  const session = createSessions().create({ userId: 42 });
  await session.save();
  console.log(session.userId, typeof require);
}
void main();
`;

const config = {
  target: "es2023",
  types: ["node"],
  module: "nodenext",
  strict: true,
  skipLibCheck: true,
  outDir: "out",
};

/** `npm init` writes "type": "commonjs"; our packages are modules only, which Node loads by `require` since 20.19. */
test("a CommonJS project can use what is generated, by tsx and by tsc", { timeout: 120_000 }, async () => {
  using project = createProject({ packages: ["zod"], type: "commonjs" });
  expect(await project.run("npx", "session-gen", "init")).toMatchObject({ code: 0 });
  expect(await project.run("npx", "session-gen")).toMatchObject({ code: 0 });
  project.write("app.ts", app);
  expect(await project.run("tsx", "app.ts")).toEqual({ code: 0, output: "42 function\n" });

  project.write("tsconfig.json", JSON.stringify({ compilerOptions: config, include: ["app.ts"] }));
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  expect(await project.run("node", "out/app.js")).toEqual({ code: 0, output: "42 function\n" });

  project.write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { ...config, verbatimModuleSyntax: true }, include: ["app.ts"] }),
  );
  expect((await project.run("tsc")).output, "what tsc --init asks for, TypeScript refuses here").toContain(
    "TS1295",
  );
});
