import { transformSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCode } from "../../../generator/emit/check-code.js";
import { reportingFunctions, supportFunctions } from "../../../generator/emit/check-support.js";
import { printLiteral, propertyName, quote } from "../../../generator/emit/literal.js";
import type { Model } from "../../../generator/model/model.js";

/** Pieces of what the tidying of Ajv's code looks for, and what ends strings, comments and scripts. */
const pieces = fc.constantFrom(
  '"',
  "\\",
  "\n",
  "\u2028",
  "*/",
  "</script>",
  "`$\u007bx}`",
  "'",
  "/",
  "~",
  "validate0",
  "func0",
  "func0.call(",
  "rootData})",
  "{instancePath:",
  ',schemaPath:"',
  ',parentData:data,parentDataProperty:"',
  "const err0 = {",
  "errors++;",
  "){",
  "}",
  "名",
  "🎈",
  "a",
);
const hostileName = fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));

function modelOf(names: readonly string[]): Model {
  return {
    name: "session",
    fields: names.map((name) => ({
      name,
      kind: {
        type: "array",
        items: { type: "object", members: [{ name, kind: { type: "string", maxLength: 1 } }] },
      },
    })),
    settings: {
      indexes: [],
      merge: {},
      redact: [],
      backend: { backend: "memory" },
      codec: "json",
      adapters: [],
      output: "./generated",
      migrations: "./migrations",
    },
  };
}

/** The failures of a stored value, as the code notes them. */
function failuresOf(model: Model, stored: unknown): { readonly path: string; readonly message: string }[] {
  const table = { name: "fields", comment: "", fields: model.fields };
  const checks = checkCode({ tables: [table], form: "stored" });
  const code = [checks, ...supportFunctions.map(({ text }) => text), reportingFunctions].join("\n");
  const script = transformSync(code, { loader: "ts", target: "es2022" }).code;
  return new Function("stored", `${script}\nreturn checkFields(stored, fields, true) ?? [];`)(stored);
}

describe("generated checks", () => {
  it("look at the right members, whatever their names", () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileName, { minLength: 1, maxLength: 3 }), (names) => {
        const model = modelOf(names);
        const good = Object.fromEntries(names.map((name) => [name, [{ [name]: "x" }]]));
        expect(failuresOf(model, good)).toEqual([]);
        const [name = ""] = names;
        const pointer = name.replaceAll("~", "~0").replaceAll("/", "~1");
        expect(failuresOf(model, { ...good, [name]: [{ [name]: "xx" }] })).toEqual([
          { path: `/${pointer}/0/${pointer}`, message: "must have at most 1 character" },
        ]);
        expect(failuresOf(model, { ...good, [name]: [{}] })).toEqual([
          { path: `/${pointer}/0/${pointer}`, message: "is missing" },
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("literals", () => {
  it("are read back as what was printed", () => {
    const read = (text: string): unknown => new Function(`return (${text});`)();
    fc.assert(
      fc.property(fc.oneof(hostileName, fc.string({ unit: "binary" })), (text) => {
        expect(read(quote(text))).toBe(text);
        expect(read(`{ ${propertyName(text)}: 1 }`)).toEqual(Object.fromEntries([[text, 1]]));
        expect(quote(text)).not.toMatch(/<\/|[\n\u2028\u2029]/);
      }),
    );
    expect(Object.is(read(printLiteral(-0)), -0)).toBe(true);
    expect(read(printLiteral(12n))).toBe(12n);
    expect(read(printLiteral(new Uint8Array([1, 2])))).toEqual(new Uint8Array([1, 2]));
  });
});
