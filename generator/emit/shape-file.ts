import type { FieldModel, KindModel, MemberModel } from "../model/model.js";
import type { EmitInput } from "./emit-input.js";
import { members, type Printable, printable, printBlock } from "./literal.js";
import { type EmittedFile, printUnchecked } from "./source-file.js";

/** `shape.ts`: the fields as data, which the runtime walks. */
export function shapeFile({ model, schemaFile }: EmitInput): EmittedFile {
  const shape = members(model.fields.map((field) => [field.name, fieldShape(field)]));
  const content = printUnchecked(schemaFile, [
    'import type { Shape } from "@session-gen/runtime";',
    (writer) => writer.blankLine(),
    `/** The fields as data: how each converts between the app and the store, and its default as it is stored. */
export const shape: Shape = ${printBlock(shape)}${isMisread(model.fields) ? " as const" : ""};`,
  ]);
  return { path: "shape.ts", content };
}

/** Below a member that every object inherits, such as `toString`, TypeScript would take `"string"` for any text. */
function isMisread(inside: readonly MemberModel[]): boolean {
  return inside.some(({ name, kind }) => name in Object.prototype || isMisreadKind(kind));
}

function isMisreadKind(kind: KindModel): boolean {
  return kind.type === "object" ? isMisread(kind.members) : kindsIn(kind).some(isMisreadKind);
}

function kindsIn(kind: KindModel): readonly KindModel[] {
  switch (kind.type) {
    case "array":
      return [kind.items];
    case "tuple":
      return kind.rest === undefined ? kind.items : [...kind.items, kind.rest];
    case "record":
      return [kind.values];
    case "union":
      return kind.members;
    case "nullable":
      return [kind.inner];
    case "object":
      return kind.members.map((member) => member.kind);
    default:
      return [];
  }
}

function fieldShape(field: FieldModel | MemberModel): Printable {
  return members([
    ["kind", kindShape(field.kind)],
    ["default", field.default === undefined ? undefined : printable(field.default)],
  ]);
}

function kindShape(kind: KindModel): Printable {
  switch (kind.type) {
    case "literal":
      return literalShape(kind.values);
    case "array":
      return members([["array", kindShape(kind.items)]]);
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

function literalShape(values: readonly (string | number | boolean)[]): Printable {
  const kinds = [...new Set(values.map(scalarKind))];
  const [only] = kinds.includes("number") ? kinds.filter((kind) => kind !== "integer") : kinds;
  return kinds.length === 1 && only !== undefined ? only : members([["union", kinds]]);
}

function scalarKind(value: string | number | boolean): string {
  if (typeof value !== "number") return typeof value;
  return Number.isSafeInteger(value) ? "integer" : "number";
}
