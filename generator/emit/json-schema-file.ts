import type {
  BigintKind,
  DefaultValue,
  FieldModel,
  KindModel,
  MemberModel,
  ObjectKind,
  StringKind,
} from "../model/model.js";
import { storedFields } from "../model/stored-names.js";
import { type CheckedForm, formBelowUnion, isRequired } from "./check-schema.js";
import type { EmitInput } from "./emit-input.js";
import { printJson } from "./print-json.js";
import { type EmittedFile, generatedMark } from "./source-file.js";

type JsonSchema = Readonly<Record<string, unknown>>;

type StoredForm = Exclude<CheckedForm, "app">;

/** `session.schema.json`: the stored JSON as JSON Schema 2020-12, for programs in other languages. */
export function jsonSchemaFile({ model, names, schemaFile }: EmitInput): EmittedFile {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: `${generatedMark} from ${schemaFile}. Do not edit: change the schema and run session-gen.`,
    title: names.data,
    description:
      "The fields of a session as the JSON codec stores them. A field that was never set is absent.",
    type: "object",
    properties: properties(storedFields(model.fields), "wire"),
  };
  return { path: "session.schema.json", content: printJson(schema) };
}

function properties(fields: readonly (FieldModel | MemberModel)[], form: StoredForm): JsonSchema {
  return Object.fromEntries(
    fields.map((field) => {
      const { description: note, ...rules } = jsonSchema(field.kind, form);
      const texts = [field.doc, note].filter((text) => text !== undefined);
      return [
        field.name,
        {
          ...(texts.length > 0 && { description: texts.join("\n\n") }),
          ...rules,
          ...(field.default !== undefined && { default: jsonDefault(field.default) }),
        },
      ];
    }),
  );
}

function jsonSchema(kind: KindModel, form: StoredForm): JsonSchema {
  switch (kind.type) {
    case "string":
      return stringSchema(kind);
    case "number":
    case "integer":
      return { ...kind };
    case "boolean":
    case "null":
      return { type: kind.type };
    case "bigint":
      return mark("$bigint", { type: "string", pattern: "^(?:0|-?[1-9]\\d*)$", ...bigintNote(kind) }, form);
    case "date":
      return mark("$date", { description: "Epoch milliseconds.", ...kind, type: "integer" }, form);
    case "bytes":
      return mark("$bytes", { type: "string", contentEncoding: "base64" }, form);
    case "literal":
      return kind.values.length === 1 ? { const: kind.values[0] } : { enum: kind.values };
    case "array": {
      const { items, ...limits } = kind;
      return { ...limits, items: jsonSchema(items, form) };
    }
    case "tuple":
      return tupleSchema(kind, form);
    case "object":
      return objectSchema(kind, form);
    case "record":
      return {
        type: "object",
        propertyNames: jsonSchema(kind.keys, "wire"),
        additionalProperties: jsonSchema(kind.values, form),
      };
    case "union":
      return { anyOf: kind.members.map((member) => jsonSchema(member, formBelowUnion(kind, form))) };
    case "nullable":
      return { anyOf: [jsonSchema(kind.inner, form), { type: "null" }] };
  }
}

function tupleSchema({ items, rest }: Extract<KindModel, { type: "tuple" }>, form: StoredForm): JsonSchema {
  return {
    type: "array",
    prefixItems: items.map((item) => jsonSchema(item, form)),
    items: rest === undefined ? false : jsonSchema(rest, form),
    minItems: items.length,
  };
}

function objectSchema({ members, strict }: ObjectKind, form: StoredForm): JsonSchema {
  const required = members.filter((member) => isRequired(member, form));
  return {
    type: "object",
    properties: properties(members, form),
    ...(required.length > 0 && { required: required.map((member) => member.name) }),
    ...(strict === true && form !== "wire" && { additionalProperties: false }),
  };
}

/** JSON Schema has no flags, so that a pattern with others than `u` cannot be said; only one can be. */
function stringSchema({ patterns = [], ...rules }: StringKind): JsonSchema {
  const [pattern] = patterns.filter(({ flags }) => /^[ugy]*$/.test(flags));
  return { ...rules, ...(pattern !== undefined && { pattern: pattern.source }) };
}

function bigintNote({ type: _, ...limits }: BigintKind): JsonSchema {
  const texts = Object.entries(limits).map(([name, limit]) => `${name} ${limit}`);
  return { description: ["A whole number as decimal text", ...texts].join("; ") };
}

function mark(tag: string, schema: JsonSchema, form: StoredForm): JsonSchema {
  if (form !== "tagged") return schema;
  return { type: "object", properties: { [tag]: schema }, required: [tag], additionalProperties: false };
}

function jsonDefault(value: DefaultValue): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(jsonDefault);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonDefault(member)]));
}
