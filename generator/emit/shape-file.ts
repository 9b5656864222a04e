import type { FieldModel, KindModel, MemberModel } from "../model/model.js";
import { constMark } from "./const-mark.js";
import type { EmitInput } from "./emit-input.js";
import { code, members, type Printable, type PrintableObject, printable, printBlock } from "./literal.js";
import { type EmittedFile, printSource } from "./source-file.js";

/** `shape.ts`: the fields as data, which the runtime walks. */
export function shapeFile({ model, schemaFile }: EmitInput): EmittedFile {
  const { shape, shared } = withShared(shapeOf(model.fields));
  const types = shared.length === 0 ? "Shape" : "FieldShape, Shape";
  const content = printSource(schemaFile, [
    `import type { ${types} } from "@session-gen/runtime";`,
    (writer) => writer.blankLine(),
    ...shared,
    `/** The fields as data: how each converts between the app and the store, and its default as it is stored. */
export const shape: Shape = ${printBlock(shape)}${constMark(model.fields)};`,
  ]);
  return { path: "shape.ts", content };
}

/** From so many fields on, those that are alike have one shape, which the compiler then looks at once. */
const manyFields = 50;

function withShared(shape: PrintableObject): {
  readonly shape: PrintableObject;
  readonly shared: readonly string[];
} {
  if (shape.size < manyFields) return { shape, shared: [] };
  const fields = [...shape].flatMap(([name, field]) =>
    field === undefined ? [] : [{ name, field, text: printBlock(field) }],
  );
  const counts = new Map<string, number>();
  for (const { text } of fields) counts.set(text, (counts.get(text) ?? 0) + 1);
  const repeated = [...counts].filter(([, count]) => count > 1).map(([text]) => text);
  return {
    shape: members(
      fields.map(({ name, field, text }) => {
        const place = repeated.indexOf(text);
        return [name, place < 0 ? field : code(`shape${place + 1}`)];
      }),
    ),
    shared: repeated.map((text, place) => `const shape${place + 1}: FieldShape = ${text};\n`),
  };
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
