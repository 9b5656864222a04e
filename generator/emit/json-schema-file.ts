import type {
  BigintKind,
  DefaultValue,
  FieldModel,
  KindModel,
  MemberModel,
  StringKind,
} from "../model/model.js";
import { holdsTagged } from "./check-schema.js";
import type { EmitInput } from "./emit-input.js";
import { printJson } from "./print-json.js";
import { type EmittedFile, generatedMark } from "./source-file.js";

type JsonSchema = Readonly<Record<string, unknown>>;

/** `session.schema.json`: the stored JSON as JSON Schema 2020-12, for programs in other languages. */
export function jsonSchemaFile({ model, names, schemaFile }: EmitInput): EmittedFile {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: `${generatedMark} from ${schemaFile}. Do not edit: change the schema and run session-gen.`,
    title: names.data,
    description:
      "The fields of a session as the JSON codec stores them. A field that was never set is absent.",
    type: "object",
    properties: properties(model.fields, false),
  };
  return { path: "session.schema.json", content: printJson(schema) };
}

function properties(fields: readonly (FieldModel | MemberModel)[], tagged: boolean): JsonSchema {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      {
        ...(field.doc !== undefined && { description: field.doc }),
        ...jsonSchema(field.kind, tagged),
        ...(field.default !== undefined && { default: jsonDefault(field.default) }),
      },
    ]),
  );
}

/** `tagged` is set below a union of members that JSON alone cannot tell apart. */
function jsonSchema(kind: KindModel, tagged: boolean): JsonSchema {
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
      return mark("$bigint", { type: "string", pattern: "^(?:0|-?[1-9]\\d*)$", ...bigintNote(kind) }, tagged);
    case "date":
      return mark("$date", { description: "Epoch milliseconds.", ...kind, type: "integer" }, tagged);
    case "bytes":
      return mark("$bytes", { type: "string", contentEncoding: "base64" }, tagged);
    case "literal":
      return kind.values.length === 1 ? { const: kind.values[0] } : { enum: kind.values };
    case "array": {
      const { items, ...limits } = kind;
      return { ...limits, items: jsonSchema(items, tagged) };
    }
    case "tuple":
      return tupleSchema(kind, tagged);
    case "object":
      return objectSchema(kind.members, tagged);
    case "record":
      return {
        type: "object",
        propertyNames: jsonSchema(kind.keys, false),
        additionalProperties: jsonSchema(kind.values, tagged),
      };
    case "union":
      return { anyOf: kind.members.map((member) => jsonSchema(member, tagged || holdsTagged(kind))) };
    case "nullable":
      return { anyOf: [jsonSchema(kind.inner, tagged), { type: "null" }] };
  }
}

function tupleSchema({ items, rest }: Extract<KindModel, { type: "tuple" }>, tagged: boolean): JsonSchema {
  return {
    type: "array",
    prefixItems: items.map((item) => jsonSchema(item, tagged)),
    items: rest === undefined ? false : jsonSchema(rest, tagged),
    minItems: items.length,
  };
}

function objectSchema(members: readonly MemberModel[], tagged: boolean): JsonSchema {
  const required = members.filter((member) => member.optional !== true && member.default === undefined);
  return {
    type: "object",
    properties: properties(members, tagged),
    ...(required.length > 0 && { required: required.map((member) => member.name) }),
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

function mark(tag: string, schema: JsonSchema, tagged: boolean): JsonSchema {
  if (!tagged) return schema;
  return { type: "object", properties: { [tag]: schema }, required: [tag], additionalProperties: false };
}

function jsonDefault(value: DefaultValue): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(jsonDefault);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonDefault(member)]));
}
