import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../generator/cli.js";
import { root } from "../house/source-files.js";
import { codeBlock } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictConfig } from "./strict-project.js";

const page = readFileSync(join(root, "docs/command-line.md"), "utf8");

async function help(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  await main([...words, "--help"], {
    cwd: root,
    color: false,
    log: () => {},
    print: (text) => void printed.push(text),
  });
  return printed.join("");
}

const optionsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([option]) => option);

test("the page tells of every command and of every option, and of no other", async () => {
  const names = [...(await help()).matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name = ""]) => name);
  expect(names).toContain("doctor");
  const known = new Set(["--help", "--version"]);
  for (const name of names) {
    const section = new RegExp(`^## ${name}\n(.*?)(?=^## )`, "ms").exec(page)?.[1] ?? "";
    const options = optionsIn(await help(name)).filter((option) => option !== "--help");
    for (const option of options) known.add(option);
    expect(optionsIn(section), name).toEqual(expect.arrayContaining([...options]));
  }
  expect(optionsIn(page).filter((option) => !known.has(option))).toEqual([]);
});

test("the page's program compiles and runs against the packed package, and writes nothing", {
  timeout: 240_000,
}, async () => {
  using project = createProject({ packages: ["zod"] });
  project.write("generate.ts", codeBlock("docs/command-line.md", "generate.ts"));
  project.write("tsconfig.json", strictConfig);
  project.write(
    "session.schema.ts",
    `import { defineSession } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ visits: z.int().default(0) }) });
`,
  );
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  const { code, output } = await project.run("tsx", "generate.ts");
  expect(output).toContain(`${project.path("generated/session.ts")} `);
  expect(code).toBe(0);
  expect((await project.run("session-gen", "--check")).code).toBe(1);
});
