import {
  type GetAccessorDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
  type SetAccessorDeclarationStructure,
  StructureKind,
} from "ts-morph";
import type { FieldModel } from "../model/model.js";
import type { EmitInput } from "./emit-input.js";
import { propertyName, quote } from "./literal.js";
import { type EmittedFile, outdent, printSource } from "./source-file.js";
import { docs, typeText } from "./type-text.js";

/** `session.ts`: the data as a type, and the class with one documented accessor per field. */
export function sessionFile({ model, names, schemaFile }: EmitInput): EmittedFile {
  const content = printSource(schemaFile, [
    {
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: "@session-gen/runtime",
      namedImports: ["BaseSession", ...(model.fields.length === 0 ? [] : ["readField", "writeField"])],
    },
    {
      kind: StructureKind.Interface,
      name: names.data,
      isExported: true,
      docs: ["What a session holds."],
      properties: model.fields.map(dataProperty),
    },
    {
      kind: StructureKind.TypeAlias,
      name: names.patch,
      isExported: true,
      docs: [
        "Changes to a session: any of its fields; `undefined` removes one, or returns it to its default.",
      ],
      type: `{ [Field in keyof ${names.data}]?: ${names.data}[Field] | undefined }`,
    },
    {
      kind: StructureKind.Class,
      name: names.session,
      isExported: true,
      extends: `BaseSession<${names.data}>`,
      docs: ["A typed session: one property per field of the schema."],
      getAccessors: model.fields.map((field) => getter(field, accessorType(field, names.data))),
      setAccessors: model.fields.map(setter),
    },
  ]);
  return { path: "session.ts", content };
}

function dataProperty(field: FieldModel): OptionalKind<PropertySignatureStructure> {
  return {
    name: propertyName(field.name),
    type: typeText(field.kind).replaceAll("\n", `\n${outdent}`),
    hasQuestionToken: field.default === undefined,
    docs: docs(field),
  };
}

function getter(field: FieldModel, type: string): OptionalKind<GetAccessorDeclarationStructure> {
  return {
    name: propertyName(field.name),
    returnType: type,
    docs: docs(field),
    statements: [`return readField(this, ${quote(field.name)});`],
  };
}

/** Its value is of the getter's type. */
function setter(field: FieldModel): OptionalKind<SetAccessorDeclarationStructure> {
  return {
    name: propertyName(field.name),
    parameters: [{ name: "value" }],
    statements: [`writeField(this, ${quote(field.name)}, value);`],
  };
}

/** The field's type where it is short; else a reference to it. */
function accessorType(field: FieldModel, data: string): string {
  const text = typeText(field.kind);
  // A member that is optional may be `undefined` already.
  if (text.length > 50 || text.includes("\n")) return `${data}[${quote(field.name)}]`;
  return field.default === undefined ? `${text} | undefined` : text;
}
