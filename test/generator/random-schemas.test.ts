import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ts as parser } from "ts-morph";
import Type from "typebox";
import type ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { emitOutput } from "../../generator/emit/emit.js";
import { loadModels } from "../../generator/load/load-model.js";
import { readSource } from "../../generator/load/read-source.js";
import type { Model } from "../../generator/model/model.js";
import { readFields } from "../../generator/model/read-fields.js";
import { readSettings } from "../../generator/rules/settings.js";
import type { SchemaFault } from "../../generator/schema-error.js";
import type { SessionDefinition } from "../../schema/definition.js";
import { defineSession, memory } from "../../schema/index.js";
import { bytes, date } from "../../schema/typebox.js";
import { root } from "../house/source-files.js";
import { toEmitInput } from "../suites/codec-models.js";
import { isNightly } from "../suites/faults/scale.js";
import { createDraw } from "../suites/random-schemas/draw.js";
import { type DrawnSchema, drawSchema, schemaText } from "../suites/random-schemas/draw-schema.js";
import { typeBoxWords, type Words, zodOracle, zodWords } from "../suites/random-schemas/schema-text.js";
import { breakValue, drawData } from "../suites/random-schemas/values.js";
import { toScript } from "../suites/to-script.js";
import { complaintsAbout, strictOptions } from "../types/typed-program.js";

const count = isNightly ? 20_000 : 200;
/** One program compiles so many. */
const batchSize = 200;
/** The seeds of a night are of that night; a failure names its own. Those of every run have found a parameter unused. */
const firstSeed = isNightly ? Math.floor(Date.now() / 1000) : 1_795_838_401;
const batches = Array.from({ length: count / batchSize }, (_, batch) => firstSeed + batch * batchSize);

mkdirSync(join(root, "test/.cache"), { recursive: true });
const folder = mkdtempSync(join(root, "test/.cache/random-schemas-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tally = { refused: 0, generated: 0, accepted: 0, rejected: 0 };

describe("random schemas of hostile names", () => {
  test.each(batches)(
    "from seed %i are refused with a position, or compile and judge values as zod does",
    {
      timeout: 600_000,
    },
    async (seed) => {
      const files: Record<string, string> = {};
      for (const schema of Array.from({ length: batchSize }, (_, index) => drawSchema(seed + index))) {
        Object.assign(files, await check(schema));
      }
      expect(complaintsAbout(files, everyStrictOption)).toEqual([]);
    },
  );

  test("are of all sorts", () => {
    expect(tally.refused).toBeGreaterThan(count / 50);
    expect(tally.generated).toBeGreaterThan(count / 2);
    expect(tally.accepted).toBeGreaterThan(count);
    expect(tally.rejected).toBeGreaterThan(count);
  });
});

const everyStrictOption: ts.CompilerOptions = {
  ...strictOptions,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  isolatedDeclarations: true,
};

/** Both spellings of a schema; the files that come of it, still to be compiled. */
async function check(schema: DrawnSchema): Promise<Readonly<Record<string, string>>> {
  const seed = `seed ${schema.seed}`;
  const inZod = await load(schema, zodWords);
  const inTypeBox = await load(schema, typeBoxWords);
  expect(inTypeBox === undefined, `${seed}: both libraries, or neither`).toBe(inZod === undefined);
  if (inZod === undefined) {
    tally.refused += 1;
    return {};
  }
  tally.generated += 1;
  expect(inTypeBox, seed).toEqual(inZod);
  const emitted = emitOutput(toEmitInput(inZod));
  const validate = emitted.find(({ path }) => path === "validate.ts")?.content ?? "";
  judge(schema, runValidators(validate));
  return Object.fromEntries(
    emitted
      .filter(({ path }) => path.endsWith(".ts"))
      // The file of checks is passed over in an app's build, and not here.
      .map(({ path, content }) => [
        join(folder, `generated-${schema.seed}`, path),
        content.replace(/^\/\/ @ts-nocheck.*$/m, ""),
      ]),
  );
}

/** The model of a schema, or `undefined` when it is refused. */
async function load(schema: DrawnSchema, words: Words): Promise<Model | undefined> {
  const text = schemaText(schema, words);
  const file = join(folder, `${words.library}-${schema.seed}.schema.ts`);
  const { model, faults } = readSchema(file, text);
  for (const fault of faults) checkFault(fault, file, text, `seed ${schema.seed}, ${words.library}`);
  // Running a file takes long, so that most are only evaluated.
  if (schema.seed % 25 === 0) {
    writeFileSync(file, text);
    const loaded = await loadModels([file]).catch((error: unknown) => error);
    // The loader tells them in the order of the file.
    const sorted = faults.toSorted((one, other) => one.line - other.line || one.column - other.column);
    if (faults.length > 0) expect(loaded).toMatchObject({ faults: sorted });
    else expect(loaded).toMatchObject([{ model }]);
    rmSync(file);
  }
  return faults.length > 0 ? undefined : model;
}

/** What the loader does with a schema's text and its value. */
function readSchema(
  file: string,
  text: string,
): { readonly model: Model | undefined; readonly faults: SchemaFault[] } {
  const faults: SchemaFault[] = [];
  const source = readSource(parser, file, text)?.node;
  const evaluate = new Function(
    ...Object.keys(vocabulary),
    text.replace(/^import .*/gm, "").replace("export default", "return"),
  );
  const definition: SessionDefinition = evaluate(...Object.values(vocabulary));
  if (source === undefined) throw new Error("There is no default export.");
  const known = readFields(definition.options["shape"], source.member("shape"), faults);
  const settings = readSettings(definition.options, source, known, faults);
  return {
    model: settings && { name: settings.name, fields: known.fields, settings: settings.settings },
    faults,
  };
}

const vocabulary = { z, Type, bytes, date, defineSession, memory };

/** A fault stands where a name, an option or an element begins: never amidst something, and never at the file as a whole. */
function checkFault(
  { line, column, message, ...fault }: SchemaFault,
  file: string,
  text: string,
  seed: string,
): void {
  const place = text.split(/\r\n?|\n/)[line - 1]?.slice(column - 1);
  const told = `${seed}: ${line}:${column} ${message}`;
  expect(fault.file, told).toBe(file);
  expect(place, told).toMatch(/^["[{\p{ID_Start}]/u);
  expect(line, told).toBeGreaterThan(4);
  expect(message, told).not.toMatch(/[\n\r\u2028\u2029]/);
}

interface Validators {
  readonly validate: (value: unknown) => boolean;
  readonly explain: (value: unknown) => readonly object[];
}

function runValidators(text: string): Validators {
  const exported = {};
  new Function(`return ${toScript(text)};`)()(exported);
  return validators.parse(exported);
}

const validators = z.object({
  validate: z.custom<Validators["validate"]>((value) => typeof value === "function"),
  explain: z.custom<Validators["explain"]>((value) => typeof value === "function"),
});

function judge({ seed, shape }: DrawnSchema, { validate, explain }: Validators): void {
  const oracle: z.ZodType = new Function("z", "plain", `return ${zodOracle(shape)};`)(z, plain);
  const draw = createDraw(seed);
  for (let round = 0; round < 9; round += 1) {
    const value = drawData(draw, shape);
    const judged = round < 3 ? value : breakValue(draw, value);
    const { success: isRight, error } = oracle.safeParse(withoutPrototypes(judged));
    const told = `seed ${seed}, value ${round}: ${JSON.stringify(explain(judged))}, zod: ${error?.message}`;
    if (round < 3) expect(isRight, told).toBe(true);
    expect(validate(judged), told).toBe(isRight);
    expect(explain(judged).length === 0, told).toBe(isRight);
    tally[isRight ? "accepted" : "rejected"] += 1;
  }
}

/** What is an object without members of its own kind: no array, date or bytes, which zod leaves open. */
function plain(schema: z.ZodType): z.ZodType {
  return z.custom((value) => Object.prototype.toString.call(value) === "[object Object]").pipe(schema);
}

/** zod would take what an object inherits for a member of that name, as `valueOf`. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const bare: Record<string, unknown> = Object.create(null);
  return Object.defineProperties(
    bare,
    Object.fromEntries(
      Object.entries(value ?? {}).map(([name, member]) => [
        name,
        { value: withoutPrototypes(member), enumerable: true, writable: true, configurable: true },
      ]),
    ),
  );
}
