import { afterAll, describe, expect, test } from "vitest";
import { createProject } from "./project.js";

const project = createProject({ "package.json": '{ "type": "module" }' });
afterAll(() => project.remove());

const strict = {
  strict: true,
  noEmit: true,
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
};
const shape = "z.object({\n    /** The signed-in user. */\n    userId: z.int().optional(),\n  })";
const parts = `import { z } from "zod";\nexport const shape = ${shape};\n`;

function schemaText(value: string, imports = 'import { z } from "zod";'): string {
  return `import { defineSession, memory } from "session-gen";
${imports}

export default defineSession({
  shape: ${value},
  backend: memory(),
});
`;
}

/** Writes a package of the monorepo; generates there, and checks. */
async function generateIn(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) project.write(`${folder}/${name}`, text);
  expect(await project.runIn(folder)).toMatchObject({ code: 0 });
  expect(await project.runIn(folder, "--check")).toMatchObject({ code: 0 });
}

const app =
  'import { createSessions } from "./generated/index.js";\nexport const user = createSessions().create().userId;\n';
const tsconfig = (options: object, more: object = {}): string =>
  JSON.stringify({ ...more, compilerOptions: options, include: ["*.ts", "generated"] });

describe("a package of a monorepo", () => {
  test("takes its settings from the tsconfig that its own extends", async () => {
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
    const fromRoot = await project.run("--schema", "packages/app/session.schema.ts", "--check");
    expect(fromRoot.out + fromRoot.log).toContain("packages/app/session.schema.ts:5:3 undecided");
  });

  test("imports .ts files by their names where its tsconfig says so", async () => {
    await generateIn("packages/native", {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext", allowImportingTsExtensions: true }),
      "parts.ts": parts,
      "session.schema.ts": schemaText("shape", 'import { shape } from "./parts.ts";'),
      "app.ts": app.replace("index.js", "index.ts"),
    });
    expect(project.read("packages/native/generated/index.ts")).toContain('from "./session.ts"');
    expect(project.read("packages/native/generated/session.ts")).toContain("/** The signed-in user. */");
  });

  test("has its imports rewritten by the compiler where its tsconfig says so", async () => {
    await generateIn("packages/rewritten", {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext", rewriteRelativeImportExtensions: true }),
      "session.schema.ts": schemaText(shape),
      "app.ts": app.replace("index.js", "index.ts"),
    });
    expect(project.read("packages/rewritten/generated/index.ts")).toContain('from "./session.ts"');
  });

  test("has modules without a word on its type, and files that the schema imports without extension", async () => {
    await generateIn("packages/plain", {
      "package.json": "{}",
      "tsconfig.json": tsconfig({ ...strict, module: "commonjs", moduleResolution: "bundler" }),
      "shapes/index.ts": parts,
      "session.schema.ts": schemaText("shape", 'import { shape } from "./shapes";'),
      "app.ts": app.replace("index.js", "index"),
    });
    expect(project.read("packages/plain/generated/session.ts")).toContain("/** The signed-in user. */");
  });

  test("follows the aliases of its own tsconfig, wherever the command is started", async () => {
    const files = {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext", paths: { "@/*": ["./src/*"] } }),
      "src/shapes.ts": parts,
      "session.schema.ts": schemaText("shape", 'import { shape } from "@/shapes.js";'),
      "app.ts": app,
    };
    await generateIn("packages/aliased", files);
    expect(project.read("packages/aliased/generated/session.ts")).toContain("/** The signed-in user. */");
    const schema = ["--schema", "packages/aliased/session.schema.ts"];
    expect(await project.run(...schema, "--check")).toMatchObject({ code: 0 });
    project.write(
      "packages/aliased/src/shapes.ts",
      files["src/shapes.ts"].replace("z.int()", "z.int().brand()"),
    );
    expect((await project.run(...schema)).log).toContain("packages/aliased/src/shapes.ts:4:");
    project.write(
      "packages/aliased/session.schema.ts",
      files["session.schema.ts"].replace("@/shapes", "@/shape"),
    );
    expect((await project.run(...schema)).log).toContain("@/shape.js leads to no file");
  });
});

describe("a schema file", () => {
  test("stands in folders with spaces and letters of any script", async () => {
    const folder = "my packages/übung 名前 (1)";
    await generateIn(folder, {
      "package.json": '{ "type": "module" }',
      "tsconfig.json": tsconfig({ ...strict, module: "nodenext" }),
      "größe teil.ts": parts,
      "session.schema.ts": schemaText("shape", 'import { shape } from "./größe teil.js";'),
      "app.ts": app,
    });
    project.write(`${folder}/session.schema.ts`, schemaText("z.object({ a: z.any() })"));
    const { code, log: output } = await project.run("--schema", `${folder}/session.schema.ts`);
    expect(code).toBe(2);
    expect(output).toContain(`${folder}/session.schema.ts:5:26 a: `);
    project.write(`${folder}/session.schema.ts`, `throw new Error("no");\n${schemaText(shape)}`);
    expect((await project.runIn(folder)).log).toContain(
      "session.schema.ts:1:7 The schema file threw Error: no",
    );
    project.write(`${folder}/session.schema.ts`, `import "./kein teil.js";\n${schemaText(shape)}`);
    expect((await project.runIn(folder)).log).toContain(
      "session.schema.ts:1:8 The file ./kein teil.js that is imported here does not exist.",
    );
  });

  test("may have Windows line ends and a byte order mark, as may what is generated", async () => {
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
    expect(await project.runIn("packages/windows", "--check")).toMatchObject({ code: 0 });
    expect((await project.runIn("packages/windows")).log).toContain("Everything is current.");
    expect(project.read("packages/windows/generated/session.ts"), "left as it was").toContain("\r\n");

    project.write(
      "packages/windows/session.schema.ts",
      windows(`import "./none.js";\n${text.replace("int()", "any()")}`),
    );
    expect((await project.runIn("packages/windows")).log).toContain(
      "session.schema.ts:1:8 The file ./none.js",
    );
    project.write("packages/windows/session.schema.ts", windows(text.replace("int()", "any()")));
    const { log: output } = await project.runIn("packages/windows");
    expect(output).toContain("session.schema.ts:10:15 userId: ");
    expect(output).toContain("> 10 |     userId: z.any().optional(),\n     |               ^");
  });
});

describe("an output folder", () => {
  test("that cannot be made is told with what to do", async () => {
    project.write("packages/full/package.json", "{}");
    project.write("packages/full/session.schema.ts", schemaText(shape));
    project.write("packages/full/generated", "");
    const { code, log } = await project.runIn("packages/full");
    expect(code).toBe(2);
    expect(log).toMatch(
      /^session-gen: \S+generated\/index\.ts cannot be written: a file stands where its folder should be\. .*\n$/,
    );
  });

  test("that no folder can be made for is told at once", async () => {
    project.write("packages/nowhere/session.schema.ts", schemaText(shape));
    // On Linux, where what cannot be made is said to be missing.
    const { code, log } = await project.runIn("packages/nowhere", "--out", "/proc/session-gen/generated");
    expect(code).toBe(2);
    expect(log).toMatch(/^session-gen: \S*session-gen\/generated\/index\.ts cannot be written: .*\n$/);
  });

  test("that may only be read is told with what to do", async () => {
    // Whoever runs tests as root may write everywhere but here.
    project.write("packages/locked/session.schema.ts", schemaText(shape));
    const { code, log } = await project.runIn("packages/locked", "--out", "/sys/session-gen/generated");
    expect(code).toBe(2);
    expect(log).toMatch(
      /^session-gen: \S*sys\/session-gen\/generated\/index\.ts cannot be written: .*may not write there\. .*\n$/,
    );
  });
});

test("a tsconfig.json that extends what is not installed is named", async () => {
  project.write("packages/bare/session.schema.ts", schemaText(shape));
  project.write("packages/bare/tsconfig.json", '{ "extends": "@tsconfig/nowhere/tsconfig.json" }');
  const { code, log } = await project.runIn("packages/bare");
  expect(code).toBe(2);
  expect(log).toMatch(
    /^tsconfig\.json:1:1 tsconfig\.json cannot be read: File '@tsconfig\/nowhere\/tsconfig\.json' /,
  );
});
