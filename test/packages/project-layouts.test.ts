import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { createProject, type Finished } from "./installed-project.js";

/** One installation for all: packages stand in the root's node_modules, as in a monorepo. */
const project = createProject({ packages: ["zod"] });
afterAll(() => project[Symbol.dispose]());

/** A few processes, on a machine that may be busy. */
const patience = { timeout: 180_000 };

const strict = {
  skipLibCheck: true,
  strict: true,
  noEmit: true,
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
};
const shape = "z.object({\n    /** The signed-in user. */\n    userId: z.int().optional(),\n  })";

function schemaText(value: string, imports = ""): string {
  return `import { defineSession, memory } from "session-gen";
import { z } from "zod";
${imports}
export default defineSession({
  shape: ${value},
  backend: memory(),
});
`;
}

/** Runs a command of the packages in a folder of the project. */
async function runIn(folder: string, command: string): Promise<Finished> {
  return project.run(
    "sh",
    "-c",
    'cd "$1" && shift && exec "$@"',
    "sh",
    project.path(folder),
    ...command.split(" "),
  );
}

/** Writes a package of the monorepo; generates there and checks that it compiles. */
async function generateIn(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) project.write(`${folder}/${name}`, text);
  expect(await runIn(folder, "session-gen")).toMatchObject({ code: 0 });
  expect(await runIn(folder, "session-gen --check")).toMatchObject({ code: 0 });
  expect(await runIn(folder, "tsc")).toEqual({ code: 0, output: "" });
}

const app =
  'import { createSessions } from "./generated/index.js";\nexport const user = createSessions().create().userId;\n';
const tsconfig = (options: object, more: object = {}): string =>
  JSON.stringify({ ...more, compilerOptions: options, include: ["*.ts", "generated"] });

describe("a package of a monorepo", () => {
  test("takes its settings from the tsconfig that its own extends", patience, async () => {
    project.write(
      "tsconfig.base.json",
      JSON.stringify({ compilerOptions: { ...strict, module: "preserve" } }),
    );
    await generateIn("packages/app", {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({}, { extends: "../../tsconfig.base.json" }),
      "session.schema.ts": schemaText(shape),
      "app.ts": app.replace("index.js", "index"),
    });
    expect(project.read("packages/app/generated/index.ts")).toContain('from "./session"');
    project.write("packages/app/session.schema.ts", schemaText(shape.replace("userId", "ownerId")));
    const fromRoot = await project.run(
      "session-gen",
      "--schema",
      "packages/app/session.schema.ts",
      "--check",
    );
    expect(fromRoot.output).toContain("+++ packages/app/generated/session.ts");
  });

  test("imports .ts files by their names where its tsconfig says so", patience, async () => {
    await generateIn("packages/native", {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext", allowImportingTsExtensions: true }),
      "parts.ts": `import { z } from "zod";\nexport const shape = ${shape};\n`,
      "session.schema.ts": schemaText("shape", 'import { shape } from "./parts.ts";').replace(
        /import \{ z .*\n/,
        "",
      ),
      "app.ts": app.replace("index.js", "index.ts"),
    });
    expect(project.read("packages/native/generated/index.ts")).toContain('from "./session.ts"');
    expect(project.read("packages/native/generated/session.ts")).toContain("/** The signed-in user. */");
  });

  test(
    "has modules without a word on its type, and files that the schema imports without extension",
    patience,
    async () => {
      await generateIn("packages/plain", {
        "package.json": "{}",
        "tsconfig.json": tsconfig({ ...strict, module: "commonjs", moduleResolution: "bundler" }),
        "shapes/index.ts": `import { z } from "zod";\nexport const shape = ${shape};\n`,
        "session.schema.ts": schemaText("shape", 'import { shape } from "./shapes";').replace(
          /import \{ z .*\n/,
          "",
        ),
        "app.ts": app.replace("index.js", "index"),
      });
      expect(project.read("packages/plain/generated/session.ts")).toContain("/** The signed-in user. */");
    },
  );

  test("follows the aliases of its own tsconfig, wherever the command is started", patience, async () => {
    const files = {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext", paths: { "@/*": ["./src/*"] } }),
      "src/shapes.ts": `import { z } from "zod";\nexport const shape = ${shape};\n`,
      "session.schema.ts": schemaText("shape", 'import { shape } from "@/shapes.js";').replace(
        /import \{ z .*\n/,
        "",
      ),
      "app.ts": app,
    };
    await generateIn("packages/aliased", files);
    expect(project.read("packages/aliased/generated/session.ts")).toContain("/** The signed-in user. */");
    const schema = ["--schema", "packages/aliased/session.schema.ts"];
    expect(await project.run("session-gen", ...schema, "--check")).toMatchObject({ code: 0 });
    project.write(
      "packages/aliased/src/shapes.ts",
      files["src/shapes.ts"].replace("z.int()", "z.int().brand()"),
    );
    expect((await project.run("session-gen", ...schema)).output).toContain(
      "packages/aliased/src/shapes.ts:4:",
    );
    project.write(
      "packages/aliased/session.schema.ts",
      files["session.schema.ts"].replace("@/shapes", "@/shape"),
    );
    expect((await project.run("session-gen", ...schema)).output).toContain("@/shape.js leads to no file");
  });
});

describe("a schema file", () => {
  test("stands in folders with spaces and letters of any script", patience, async () => {
    const folder = "my packages/übung 名前 (1)";
    await generateIn(folder, {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext" }),
      "größe teil.ts": `import { z } from "zod";\nexport const shape = ${shape};\n`,
      "session.schema.ts": schemaText("shape", 'import { shape } from "./größe teil.js";').replace(
        /import \{ z .*\n/,
        "",
      ),
      "app.ts": app,
    });
    project.write(`${folder}/session.schema.ts`, schemaText("z.object({ a: z.any() })"));
    const { code, output } = await project.run("session-gen", "--schema", `${folder}/session.schema.ts`);
    expect(code).toBe(2);
    expect(output).toContain(`${folder}/session.schema.ts:5:22 a: `);
    project.write(
      `${folder}/session.schema.ts`,
      `import { nothing } from "./kein teil.js";\n${schemaText(shape)}`,
    );
    expect((await runIn(folder, "session-gen")).output).toContain(
      "session.schema.ts:1:25 The file ./kein teil.js that is imported here does not exist.",
    );
  });

  test("may have Windows line ends and a byte order mark, as may what is generated", patience, async () => {
    const doc = "/**\n     * The user,\n     * who signed in.\n     */";
    const text = schemaText(shape.replace("/** The signed-in user. */", doc));
    const windows = (unix: string): string => `\uFEFF${unix.replaceAll("\n", "\r\n")}`;
    const settings = { "tsconfig.json": tsconfig({ ...strict, module: "nodenext" }), "app.ts": app };
    await generateIn("packages/unix", { ...settings, "package.json": "{}", "session.schema.ts": text });
    await generateIn("packages/windows", {
      ...settings,
      "package.json": "{}",
      "session.schema.ts": windows(text),
    });
    const files = [
      "generated/session.ts",
      "generated/validate.ts",
      "generated/index.ts",
      "session.model.json",
    ];
    for (const file of files) {
      const generated = project.read(`packages/windows/${file}`);
      expect(generated).toBe(project.read(`packages/unix/${file}`));
      expect(generated).not.toContain("\r");
      project.write(`packages/windows/${file}`, generated.replaceAll("\n", "\r\n"));
    }
    expect(project.read("packages/windows/generated/session.ts")).toContain("* The user,\r\n");
    project.write("packages/windows/session.schema.ts", `${windows(text)}// Read again.\r\n`);
    expect(await runIn("packages/windows", "session-gen --check")).toMatchObject({ code: 0 });
    expect((await runIn("packages/windows", "session-gen")).output).toContain("Everything is current.");
    expect(project.read("packages/windows/generated/session.ts"), "left as it was").toContain("\r\n");

    project.write(
      "packages/windows/session.schema.ts",
      windows(`import "./none.js";\n${text.replace("int()", "any()")}`),
    );
    expect((await runIn("packages/windows", "session-gen")).output).toContain(
      "session.schema.ts:1:8 The file ./none.js",
    );
    project.write("packages/windows/session.schema.ts", windows(text.replace("int()", "any()")));
    const { output } = await runIn("packages/windows", "session-gen");
    expect(output).toContain("session.schema.ts:10:5 userId: ");
    expect(output).toContain("> 10 |     userId: z.any().optional(),\n     |     ^");
  });
});

test("an output folder that cannot be made is told with what to do", patience, async () => {
  project.write("packages/full/package.json", "{}");
  project.write("packages/full/session.schema.ts", schemaText(shape));
  writeFileSync(project.path("packages/full/generated"), "");
  const { code, output } = await runIn("packages/full", "session-gen");
  expect(code).toBe(2);
  expect(output).toMatch(
    /^session-gen: \S+generated\/index\.ts cannot be written: a file stands where .* --out\.\n$/,
  );
});
