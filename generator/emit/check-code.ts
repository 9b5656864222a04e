import { Ajv } from "ajv";
import standaloneModule from "ajv/dist/standalone/index.js";
import type { FieldModel, Model } from "../model/model.js";
import { addCheckKeywords } from "./check-keywords.js";
import { type CheckSchema, kindSchema, sessionSchema } from "./check-schema.js";
import { tidyCode } from "./tidy-code.js";

/** The code of `checkApp(data)` and `checkStored(data)`, and of what they share: JavaScript without imports or exports. */
export function checkCode(model: Model): string {
  const ajv = createAjv();
  const exported = new Map([
    ["checkApp", "checkApp"],
    ["checkStored", "checkStored"],
  ]);
  const forms = model.fields.map((field, index) => {
    const app = kindSchema(field.kind, "app");
    const stored = kindSchema(field.kind, "wire");
    if (!isNested(app) || JSON.stringify(app) !== JSON.stringify(stored)) return { app, stored };
    const name = functionName(field.name, index, exported);
    ajv.addSchema(app, name);
    exported.set(name, name);
    return { app: { $ref: name }, stored: { $ref: name } };
  });
  const schemaOf = (form: "app" | "stored") => {
    const byName = new Map(model.fields.map((field, index) => [field.name, forms[index]?.[form] ?? {}]));
    return (name: string): CheckSchema => byName.get(name) ?? {};
  };
  ajv.addSchema(sessionSchema(model, "app", schemaOf("app")), "checkApp");
  ajv.addSchema(sessionSchema(model, "wire", schemaOf("stored")), "checkStored");
  return tidyCode(standaloneModule.default(ajv, Object.fromEntries(exported)));
}

/** The code of a check of the stored form for each of these names, as `checkCode`. */
export function checkStoredCode(checks: ReadonlyMap<string, readonly FieldModel[]>): string {
  const ajv = createAjv();
  for (const [name, fields] of checks) ajv.addSchema(storedSchema(fields), name);
  const exported = Object.fromEntries([...checks.keys()].map((name) => [name, name]));
  return tidyCode(standaloneModule.default(ajv, exported));
}

function storedSchema(fields: readonly FieldModel[]): CheckSchema {
  const byName = new Map(fields.map(({ name, kind }) => [name, kindSchema(kind, "wire")]));
  return sessionSchema({ fields }, "wire", (name) => byName.get(name) ?? {});
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

function isNested(schema: CheckSchema): boolean {
  return "items" in schema || "properties" in schema || "additionalProperties" in schema || "anyOf" in schema;
}

function functionName(field: string, index: number, taken: ReadonlyMap<string, string>): string {
  const words = field.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  let name = /^[A-Za-z0-9 _-]+$/.test(field) ? `check${words.join("")}` : `checkField${index + 1}`;
  while (taken.has(name) || name === "checkWire") name += "_";
  return name;
}
