import { Ajv } from "ajv";
import standaloneModule from "ajv/dist/standalone/index.js";
import type { FieldModel } from "../model/model.js";
import { storedName } from "../model/stored-names.js";
import { addCheckKeywords } from "./check-keywords.js";
import { checkNames, type FieldCheck } from "./check-names.js";
import { kindSchema } from "./check-schema.js";
import { quote } from "./literal.js";
import { type QuickField, quickCheck } from "./quick-check.js";
import { tidyCode } from "./tidy-code.js";

/** The fields of a session in one form, as a table of that name, which `checkFields` walks. */
export interface FieldTable {
  readonly name: string;
  /** What stands above it. */
  readonly comment: string;
  readonly form: "app" | "wire";
  readonly fields: readonly FieldModel[];
}

/**
 * The code of these tables and of the checks that they name, one for each kind of value however many fields are of it:
 * JavaScript without imports or exports. Of a table in the app's form with that of the stored one there is `fits` as well.
 */
export function checkCode(tables: readonly FieldTable[]): string {
  const rows = tables.map(({ form, fields }) => fields.map((field) => rowOf(field, form)));
  const names = checkNames(rows.flat());
  const ajv = createAjv();
  const schemas = new Map(rows.flat().map(({ schema }) => [JSON.stringify(schema), schema]));
  for (const [key, schema] of schemas) ajv.addSchema(schema, names.get(key));
  const exported = Object.fromEntries([...names.values()].map((name) => [name, name]));
  const checks = schemas.size === 0 ? "" : `\n\n${tidyCode(standaloneModule.default(ajv, exported))}`;
  const texts = tables.map((table, index) => tableText(table, rows[index] ?? [], names));
  const [app, stored] = rows;
  const isBoth = tables[0]?.form === "app" && tables[1]?.form === "wire";
  const quick = isBoth && app && stored ? [quickCheck(quickFields(app, stored, names))] : [];
  return [...quick, ...texts].join("\n\n") + checks;
}

/** The fields of a session in one form after the other. */
function quickFields(
  app: readonly Row[],
  stored: readonly Row[],
  names: ReadonlyMap<string, string>,
): readonly QuickField[] {
  const toMember = (row: Row) => ({ ...row, check: names.get(JSON.stringify(row.schema)) ?? "" });
  return app.flatMap((row, index) => {
    const other = stored[index];
    return other === undefined ? [] : [{ app: toMember(row), stored: toMember(other) }];
  });
}

interface Row extends FieldCheck {
  /** What the field is called in this form. */
  readonly name: string;
  /** Whether it must be there. */
  readonly isRequired: boolean;
}

function rowOf(field: FieldModel, form: "app" | "wire"): Row {
  const schema = kindSchema(field.kind, form);
  return {
    name: form === "wire" ? storedName(field) : field.name,
    isRequired: form === "app" && field.default !== undefined,
    field: field.name,
    kind: field.kind.type,
    form,
    schema,
  };
}

function tableText(
  { name, comment }: FieldTable,
  rows: readonly Row[],
  names: ReadonlyMap<string, string>,
): string {
  const lines = rows.map(({ name: field, schema, isRequired }) => {
    const cells = [
      quote(field),
      names.get(JSON.stringify(schema)),
      ...(isRequired ? [quote("required")] : []),
    ];
    return `  [${cells.join(", ")}],\n`;
  });
  return `/** ${comment} */\nconst ${name} = [${lines.length === 0 ? "" : `\n${lines.join("")}`}];`;
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: true },
    allErrors: true,
    ownProperties: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    allowUnionTypes: true,
    inlineRefs: false,
    validateSchema: false,
    meta: false,
    addUsedSchema: false,
    loopRequired: Number.POSITIVE_INFINITY,
    logger: false,
  });
  addCheckKeywords(ajv);
  return ajv;
}
