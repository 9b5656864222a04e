import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generate } from "../../../generator/generate.js";
import { type GoldenCase, goldenCases, readTree } from "./golden-cases.js";

/** `UPDATE_GOLDEN=1 npx vitest run test/generator/emit/golden.test.ts` writes what is generated now. */
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

async function generatedTree({ folder, schema }: GoldenCase): Promise<Readonly<Record<string, string>>> {
  const { files, errors, obstacles } = await generate({ schema });
  expect([...errors, ...obstacles]).toEqual([]);
  return {
    ...Object.fromEntries(files.map(({ path, content }) => [relative(folder, path), content])),
    ...upgradeFile(folder),
  };
}

/** What a person wrote beside the schema, which generated code imports. */
function upgradeFile(folder: string): Readonly<Record<string, string>> {
  const path = join(folder, "session.upgrade.ts");
  return existsSync(path) ? { "session.upgrade.ts": readFileSync(path, "utf8") } : {};
}

function replaceTree(folder: string, tree: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

describe("generate", () => {
  it.each(goldenCases)("writes what is expected of $name", async (golden) => {
    const tree = await generatedTree(golden);
    if (isUpdate) replaceTree(golden.expected, tree);
    expect(tree).toEqual(readTree(golden.expected));
  });

  it("has written what is measured in bench/", async () => {
    const schema = fileURLToPath(new URL("../../../bench/example/session.schema.ts", import.meta.url));
    const { files } = await generate({ schema });
    expect(files.length).toBeGreaterThan(5);
    for (const { path, content } of files) expect(readFileSync(path, "utf8"), path).toBe(content);
  });

  it("makes the same of a shape in zod, TypeBox 1.x and TypeBox 0.34", () => {
    const treeOf = (name: string) =>
      readTree(goldenCases.find((golden) => golden.name === name)?.expected ?? "");
    expect(treeOf("shop-typebox")).toEqual(treeOf("shop"));
    expect(treeOf("shop-typebox-034")).toEqual(treeOf("shop"));
  });

  it("names a version of the shape alike, wherever the sessions are kept", () => {
    const hashes = goldenCases
      .filter(({ schema }) =>
        readFileSync(schema, "utf8").includes(
          `  shape: z.object({\n    userId: z.int().optional(),\n    visits: z.int().default(0),\n  }),`,
        ),
      )
      .map(
        ({ expected }) =>
          /shapeHash: "(\w+)"/.exec(readFileSync(join(expected, "generated/sessions.ts"), "utf8"))?.[1],
      );
    expect(hashes.length).toBeGreaterThan(10);
    expect(new Set(hashes).size).toBe(1);
  });

  it("puts nothing of the machine or the moment into its output", async () => {
    const [golden] = goldenCases;
    if (golden === undefined) throw new Error("no cases");
    const text = JSON.stringify(await generatedTree(golden));
    expect(text).not.toContain(dirname(golden.folder));
    expect(text).not.toContain(String(new Date().getFullYear()));
  });
});
