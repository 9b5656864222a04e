import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadModels } from "../../../generator/load/load-model.js";
import type { KindModel } from "../../../generator/model/model.js";
import { SchemaError, type SchemaFault } from "../../../generator/schema-error.js";

const schemas = fileURLToPath(new URL("./schemas", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(fileURLToPath(new URL("./schemas/written-", import.meta.url)));
});

afterAll(() => rm(folder, { recursive: true }));

describe("loadModels", () => {
  it("gives a frozen model with its settings", async () => {
    const [loaded] = await loadModels([`${schemas}/shop.schema.ts`]);
    expect(loaded?.model).toMatchSnapshot();
    expect(Object.isFrozen(loaded?.model.fields[1]?.kind)).toBe(true);
    expect(loaded?.file).toBe(`${schemas}/shop.schema.ts`);
  });

  it("says that it needs Node, where it is run by Bun", async () => {
    vi.stubGlobal("Bun", {});
    const [fault] = await faultsOf([`${schemas}/shop.schema.ts`]);
    vi.unstubAllGlobals();
    expect(fault?.message).toMatch(/^Bun cannot run the command, which is for Node/);
  });

  it("lists the person's own files, the schema first", async () => {
    const [loaded] = await loadModels([`${schemas}/documented.schema.ts`]);
    expect(loaded?.dependencies).toEqual([`${schemas}/documented.schema.ts`, `${schemas}/parts.ts`]);
  });

  it("reads doc comments: of members, through constants, spreads and options of a union", async () => {
    const [loaded] = await loadModels([`${schemas}/documented.schema.ts`]);
    const docs = (loaded?.model.fields ?? []).flatMap((field) => [
      ...(field.doc === undefined ? [] : [`${field.name}: ${field.doc}`]),
      ...memberDocs(field.name, field.kind),
    ]);
    expect(docs).toEqual([
      "one: One line.",
      "several: Several lines,\n  indented,\n\n- with a list\n@deprecated and a tag",
      "last: Right before it counts.",
      "address.street: Where to ring.",
      "list.street: Where to ring.",
      "union.value: Of a.",
      "union.value: Of b.",
      "odd-name: Quoted.",
      "page.path: In another file.",
      "close.a: By the brace.",
      "close.b: By the comma.",
      "spread: From a spread object.",
      "extended: From extend.",
    ]);
  });

  it("reads a schema again when it has changed", async () => {
    const file = await write("changing", "userId: z.int().optional()");
    const [before] = await loadModels([file]);
    await write("changing", "userId: z.int().optional(), theme: z.string().optional()");
    const [after] = await loadModels([file]);
    expect([before, after].map((loaded) => loaded?.model.fields.length)).toEqual([1, 2]);
  });

  it("collects the faults of all files, each in source order", async () => {
    const first = await write("first", "b: z.any().optional(),\n    a: z.int()", 'onInvalid: "never",');
    const second = await write(
      "second",
      "_c: z.string().trim().optional()",
      'name: "other",\n  output: "./other",',
    );
    const faults = await faultsOf([first, second, `${folder}/absent.schema.ts`]);
    expect(
      faults.map(
        ({ file, line, message }) => `${file.slice(folder.length + 1)}:${line} ${message.slice(0, 12)}`,
      ),
    ).toEqual([
      "first.schema.ts:6 b: `any` acc",
      "first.schema.ts:7 a: a new ses",
      "first.schema.ts:9 onInvalid: i",
      "second.schema.ts:6 _c: names th",
      "second.schema.ts:6 _c: `trim` c",
      "absent.schema.ts:1 There is no ",
    ]);
  });

  it("refuses two schemas with one name, and two with one output", async () => {
    const user = await write("user", "userId: z.int().optional()", 'name: "userSession",');
    const admin = await write(
      "admin",
      "userId: z.int().optional()",
      'name: "userSession",\n  output: "./admin",',
    );
    const other = await write(
      "other",
      "userId: z.int().optional()",
      'name: "otherSession",\n  output: "generated/",',
    );
    expect((await faultsOf([user, admin, other])).map(({ line, message }) => [line, message])).toEqual([
      [8, 'name: two schemas are named "userSession"; give one of them another `name`'],
      [9, 'output: two schemas write to "generated/"; give one of them another `output`'],
    ]);
  });

  it("does not read the environment", async () => {
    const file = await write(
      "env",
      "userId: z.int().optional()",
      'cookie: { domain: env("NO_SUCH_VARIABLE") },',
    );
    const [loaded] = await loadModels([file]);
    expect(loaded?.model.settings.cookie).toEqual({ domain: { env: "NO_SUCH_VARIABLE" } });
  });
});

async function write(name: string, fields: string, options = ""): Promise<string> {
  const file = `${folder}/${name}.schema.ts`;
  const head = 'import { defineSession, env } from "session-gen";\nimport { z } from "zod";\n\nvoid env;\n';
  const shape = `shape: z.object({\n    ${fields},\n  }),`;
  await writeFile(file, `${head}export default defineSession({ ${shape}\n  ${options}\n});\n`);
  return file;
}

async function faultsOf(files: readonly string[]): Promise<readonly SchemaFault[]> {
  const error: unknown = await loadModels(files).catch((cause: unknown) => cause);
  if (!(error instanceof SchemaError)) throw new Error("The schemas were accepted.", { cause: error });
  return error.faults;
}

function memberDocs(name: string, kind: KindModel): readonly string[] {
  switch (kind.type) {
    case "nullable":
      return memberDocs(name, kind.inner);
    case "array":
      return memberDocs(name, kind.items);
    case "union":
      return kind.members.flatMap((member) => memberDocs(name, member));
    case "object":
      return kind.members.flatMap(({ name: member, doc }) =>
        doc === undefined ? [] : [`${name}.${member}: ${doc}`],
      );
    default:
      return [];
  }
}
