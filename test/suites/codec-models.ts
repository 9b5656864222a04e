import { runInThisContext } from "node:vm";
import fc from "fast-check";
import type { EmitInput } from "../../generator/emit/emit-input.js";
import { kindNames } from "../../generator/emit/kind-names.js";
import { shapeFile } from "../../generator/emit/shape-file.js";
import { lineageOf } from "../../generator/history/lineage.js";
import { withHash } from "../../generator/history/model-file.js";
import { numberFields } from "../../generator/history/numbering.js";
import { knownNumbers } from "../../generator/history/numbers.js";
import type { FieldModel, KindModel, MemberModel, Model, UnionKind } from "../../generator/model/model.js";
import type { Shape } from "../../runtime/types/shape.js";
import { dataOf, hostileNames } from "./codec-values.js";

/** A model of these fields, kept in memory. */
export function toModel(fields: readonly FieldModel[]): Model {
  return {
    name: "session",
    fields,
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

/** What emitters are given of a model that has no history. */
export function toEmitInput(model: Model): EmitInput {
  // As `openKind` has it.
  const shapeHash = "present";
  const version = withHash({ parents: [], shape: shapeHash, fields: numberFields(model.fields, undefined) });
  return {
    model,
    names: kindNames(model.name),
    schemaFile: "session.schema.ts",
    extension: "js",
    shapeHash,
    numbers: knownNumbers({ versions: [version] }),
    lineage: lineageOf({ versions: [version] }),
    columns: [],
  };
}

/** The shape of a model, as its generated `shape.ts` has it. */
export function toShape(model: Model): Shape {
  const { content } = shapeFile(toEmitInput(model));
  const literal = content
    .slice(content.indexOf("Shape = ") + "Shape = ".length)
    .replace(/(?: as const)?;\s*$/, "");
  return runInThisContext(`(${literal})`);
}

/** A model, and some data of it as an app holds them. */
export interface ModelWithData {
  readonly model: Model;
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

/** Any model of a few fields. */
export function anyModelWithData(): fc.Arbitrary<ModelWithData> {
  return fields().chain((some) => {
    const values = Object.fromEntries(some.map(({ name, kind }) => [name, dataOf(kind)]));
    const data = fc.record(values, { requiredKeys: [], noNullPrototype: true });
    return fc
      .array(data, { minLength: 1, maxLength: 6 })
      .map((list) => ({ model: toModel(some), data: list }));
  });
}

const fieldName = fc.oneof(
  fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,6}$/),
  fc.constantFrom("class", "odd-name", "名前", "a b", "0", 'a"b', "x\\y"),
);

const memberName = fc.oneof(fieldName, fc.constantFrom("__proto__", ...hostileNames));

function fields(): fc.Arbitrary<readonly FieldModel[]> {
  const field = fc.record({ name: fieldName, kind: anyKind }, { noNullPrototype: true });
  return fc.uniqueArray(field, { selector: ({ name }) => name, minLength: 1, maxLength: 5 });
}

const scalar = fc.constantFrom<KindModel>(
  { type: "string" },
  { type: "number" },
  { type: "integer" },
  { type: "boolean" },
  { type: "bigint" },
  { type: "date" },
  { type: "bytes" },
  { type: "literal", values: ["light", "dark", "😀"] },
  { type: "literal", values: [1, 2.5, -0.5] },
  { type: "literal", values: ["a", 1, true] },
);

const { kind: anyKind } = fc.letrec<{ kind: KindModel; single: KindModel; compound: KindModel }>((tie) => ({
  kind: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.constant<KindModel>({ type: "null" }) },
    { weight: 4, arbitrary: tie("single") },
    { weight: 1, arbitrary: tie("single").map((inner): KindModel => ({ type: "nullable", inner })) },
    { weight: 2, arbitrary: unionOf(tie("single")) },
  ),
  /** What may stand in a union. */
  single: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 2, arbitrary: scalar },
    { weight: 3, arbitrary: tie("compound") },
  ),
  compound: fc.oneof(
    tie("kind").map((items): KindModel => ({ type: "array", items })),
    tie("kind").map((values): KindModel => ({ type: "record", keys: { type: "string" }, values })),
    membersOf(tie("kind")).map((members): KindModel => ({ type: "object", members })),
    fc
      .tuple(
        fc.array(tie("kind"), { minLength: 1, maxLength: 3 }),
        fc.option(tie("kind"), { nil: undefined }),
      )
      .map(([items, rest]): KindModel => ({ type: "tuple", items, ...(rest !== undefined && { rest }) })),
  ),
}));

function membersOf(kind: fc.Arbitrary<KindModel>): fc.Arbitrary<readonly MemberModel[]> {
  const member = fc.record({ name: memberName, kind, isOptional: fc.boolean() }).map(
    ({ name, kind: its, isOptional }): MemberModel => ({
      name,
      kind: its,
      ...(isOptional && { optional: true }),
    }),
  );
  return fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 4 });
}

/** At most one member is a literal. */
function unionOf(kind: fc.Arbitrary<KindModel>): fc.Arbitrary<UnionKind> {
  return fc
    .uniqueArray(kind, {
      selector: (member) => (member.type === "literal" ? "literal" : JSON.stringify(member)),
      minLength: 2,
      maxLength: 3,
    })
    .map((members) => ({ type: "union", members }));
}
