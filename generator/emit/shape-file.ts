import type { FieldModel, KindModel, MemberModel } from "../model/model.js";
import { constMark } from "./const-mark.js";
import type { EmitInput } from "./emit-input.js";
import { members, type Printable, type PrintableObject, printable, printBlock } from "./literal.js";
import { type EmittedFile, printSource } from "./source-file.js";

/** `shape.ts`: the fields as data, which the runtime walks. */
export function shapeFile({ model, schemaFile }: EmitInput): EmittedFile {
  const shape = shapeOf(model.fields);
  const content = printSource(schemaFile, [
    'import type { Shape } from "@session-gen/runtime";',
    (writer) => writer.blankLine(),
    `/** The fields as data: how each converts between the app and the store, and its default as it is stored. */
export const shape: Shape = ${printBlock(shape)}${constMark(model.fields)};`,
  ]);
  return { path: "shape.ts", content };
}

/** Fields as the runtime walks them. */
export function shapeOf(fields: readonly FieldModel[]): PrintableObject {
  return members(fields.map((field) => [field.name, fieldShape(field)]));
}

function fieldShape(field: FieldModel | MemberModel): Printable {
  return members([
    ["kind", kindShape(field.kind)],
    ["stored", field.stored],
    ["default", field.default === undefined ? undefined : printable(field.default)],
  ]);
}

function kindShape(kind: KindModel): Printable {
  switch (kind.type) {
    case "literal":
      return literalShape(kind.values);
    case "array":
      return members([
        ["array", kindShape(kind.items)],
        ["values", valuesOf(kind.items)],
      ]);
    case "tuple":
      return members([
        ["tuple", kind.items.map(kindShape)],
        ["rest", kind.rest && kindShape(kind.rest)],
      ]);
    case "object":
      return members([
        ["object", members(kind.members.map((member) => [member.name, fieldShape(member)]))],
        ["strict", kind.strict],
      ]);
    case "record":
      return members([["record", kindShape(kind.values)]]);
    case "union":
      return members([["union", kind.members.map(kindShape)]]);
    case "nullable":
      return members([["nullable", kindShape(kind.inner)]]);
    default:
      return kind.type;
  }
}

/** The values of an enum or literal, which may be null besides. */
function valuesOf(kind: KindModel): Printable | undefined {
  if (kind.type === "nullable") return valuesOf(kind.inner);
  return kind.type === "literal" ? kind.values : undefined;
}

function literalShape(values: readonly (string | number | boolean)[]): Printable {
  const kinds = [...new Set(values.map(scalarKind))];
  const [only] = kinds.includes("number") ? kinds.filter((kind) => kind !== "integer") : kinds;
  return kinds.length === 1 && only !== undefined ? only : members([["union", kinds]]);
}

function scalarKind(value: string | number | boolean): string {
  if (typeof value !== "number") return typeof value;
  return Number.isSafeInteger(value) ? "integer" : "number";
}
