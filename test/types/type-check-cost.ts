import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { emitOutput } from "../../generator/emit/emit.js";
import { unknownSource } from "../../generator/load/source-node.js";
import { readFields } from "../../generator/model/read-fields.js";
import { root } from "../house/source-files.js";
import { toEmitInput, toModel } from "../suites/codec-models.js";
import { type Files, hostOf, messageOf, strictOptions } from "./typed-program.js";

/** What a compiler has to do for a program: all of it but reading libraries, which are parsed beforehand. */
export interface TypeCheckCost {
  /** Of processor time, which other programs do not lengthen. */
  readonly milliseconds: number;
  readonly instantiations: number;
  readonly types: number;
}

/** An app over a shape of so many fields, which reads and writes each of them. */
export interface TypedApp {
  readonly generated: Files;
  /** The same app over `z.infer` of the schema. */
  readonly inferred: Files;
}

const kinds = [
  { zod: "z.int().optional()", value: "7" },
  { zod: 'z.enum(["light", "dark", "system"]).default("system")', value: '"dark"' },
  { zod: "z.string().max(80).optional()", value: '"text"' },
  { zod: "z.date().optional()", value: "new Date()" },
  { zod: "z.array(z.object({ sku: z.string(), quantity: z.int().min(1) })).default([])", value: "[]" },
  { zod: "z.boolean().default(false)", value: "true" },
  {
    zod: "z.object({ street: z.string(), city: z.string().optional(), at: z.date() }).optional()",
    value: "undefined",
  },
  { zod: "z.record(z.string(), z.number()).default({})", value: "{ a: 1 }" },
  { zod: "z.string().nullable().default(null)", value: "null" },
  { zod: "z.union([z.string(), z.int()]).optional()", value: "1" },
] as const;

/** Such an app, in both spellings. */
export function typedApp(fieldCount: number): TypedApp {
  const fields = Array.from({ length: fieldCount }, (_, index) => ({
    name: `field${index}`,
    ...(kinds[index % kinds.length] ?? kinds[0]),
  }));
  const shape = `z.object({\n${fields.map(({ name, zod }) => `  /** Field ${name}. */\n  ${name}: ${zod},\n`).join("")}})`;
  const uses = fields
    .map(({ name, value }) => `  session.${name} = ${value};\n  if (session.${name} === undefined) return;\n`)
    .join("");
  const folder = join(root, "test/types/cost");
  const emitted = emitOutput(toEmitInput(toModel(fieldsOf(shape))));
  const app = (type: string): string => `export function use(session: ${type}): void {\n${uses}}\n`;
  return {
    generated: {
      ...Object.fromEntries(
        emitted
          .filter(({ path }) => path.endsWith(".ts"))
          .map(({ path, content }) => [`${folder}/generated/${path}`, content]),
      ),
      [`${folder}/app.ts`]: `import type { Session } from "./generated/index.js";\n${app("Session")}`,
    },
    inferred: {
      [`${folder}/schema.ts`]: `import { z } from "zod";\nexport const shape = ${shape};\nexport type Data = z.infer<typeof shape>;\n`,
      [`${folder}/app.ts`]: `import type { Data } from "./schema.js";\n${app("Data")}`,
    },
  };
}

const options: ts.CompilerOptions = {
  ...strictOptions,
  // A package of ours is read as its users have it, by declarations.
  paths: {},
  isolatedDeclarations: false,
};

/** Compiles a program anew. Throws when it does not compile. */
export function typeCheckCost(files: Files): TypeCheckCost {
  const host = hostOf(files, options);
  const start = process.cpuUsage();
  const program = ts.createProgram(Object.keys(files), options, host);
  const complaints = Object.keys(files).flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  const { user, system } = process.cpuUsage(start);
  const [complaint] = complaints;
  if (complaint !== undefined) throw new Error(`${complaint.file?.fileName} ${messageOf(complaint)}`);
  const milliseconds = (user + system) / 1000;
  return { milliseconds, instantiations: program.getInstantiationCount(), types: program.getTypeCount() };
}

function fieldsOf(shape: string): ReturnType<typeof readFields>["fields"] {
  const made: unknown = new Function("z", `return ${shape};`)(z);
  return readFields(made, unknownSource("/session.schema.ts"), []).fields;
}
