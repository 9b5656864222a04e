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

/** The fields of a session as a table of that name, which `checkFields` walks. */
export interface FieldTable {
  readonly name: string;
  /** What stands above it. */
  readonly comment: string;
  readonly fields: readonly FieldModel[];
}

/** Tables of fields, and whether they are checked in the app's form and the stored one, or in the stored one only. */
export interface CheckedTables {
  readonly tables: readonly FieldTable[];
  readonly form: "both" | "stored";
}

/**
 * The code of these tables and of the checks that they name, one for each kind of value however many fields are of it, without
 * imports or exports. For both forms `fits` of the first table follows them.
 */
export function checkCode({ tables, form }: CheckedTables): string {
  const rows = tables.map(({ fields }) => fields.map(form === "both" ? bothForms : storedForm));
  const checks = rows.flat().flatMap(({ app, stored }) => (app === stored ? [stored] : [app, stored]));
  // All of the app's form first: a check of both is named after it.
  const names = checkNames([
    ...checks.filter((check) => check.form === "app"),
    ...checks.filter((check) => check.form === "wire"),
  ]);
  const ajv = createAjv();
  const schemas = new Map(checks.map(({ schema }) => [JSON.stringify(schema), schema]));
  for (const [key, schema] of schemas) ajv.addSchema(schema, names.get(key));
  const exported = Object.fromEntries([...names.values()].map((name) => [name, name]));
  const code = schemas.size === 0 ? "" : `\n\n${tidyCode(standaloneModule.default(ajv, exported))}`;
  const nameOf = ({ schema }: FieldCheck): string => names.get(JSON.stringify(schema)) ?? "";
  const named = rows.map((list) =>
    list.map((row) => ({ ...row, check: nameOf(row.app), checkStored: nameOf(row.stored) })),
  );
  const texts = tables.map((table, index) => tableText(table, named[index] ?? []));
  const quick = form === "both" ? [quickCheck(named[0] ?? [])] : [];
  return [...texts, ...quick].join("\n\n") + code;
}

interface Row extends Omit<QuickField, "check" | "checkStored"> {
  readonly app: FieldCheck;
  readonly stored: FieldCheck;
}

function bothForms(field: FieldModel): Row {
  return {
    name: field.name,
    storedName: storedName(field),
    isRequired: field.default !== undefined,
    app: formOf(field, "app"),
    stored: formOf(field, "wire"),
  };
}

function storedForm(field: FieldModel): Row {
  const stored = formOf(field, "wire");
  return { name: storedName(field), storedName: storedName(field), isRequired: false, app: stored, stored };
}

function formOf({ name, kind }: FieldModel, form: "app" | "wire"): FieldCheck {
  return { field: name, kind: kind.type, form, schema: kindSchema(kind, form) };
}

function tableText({ name, comment }: FieldTable, fields: readonly QuickField[]): string {
  const lines = fields.map(({ name: field, storedName: stored, check, checkStored, isRequired }) => {
    const cells = [
      `name: ${quote(field)}`,
      ...(stored === field ? [] : [`stored: ${quote(stored)}`]),
      `check: ${check}`,
      ...(checkStored === check ? [] : [`checkStored: ${checkStored}`]),
      ...(isRequired ? ["isRequired: true"] : []),
    ];
    return `  { ${cells.join(", ")} },\n`;
  });
  return `/** ${comment} */\nconst ${name}: readonly FieldCheck[] = [${lines.length === 0 ? "" : `\n${lines.join("")}`}];`;
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
