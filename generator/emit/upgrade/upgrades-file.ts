import {
  type InterfaceDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
  type StatementStructures,
  StructureKind,
} from "ts-morph";
import type { FieldModel } from "../../model/model.js";
import type { EmitInput } from "../emit-input.js";
import { propertyName, quote } from "../literal.js";
import { type EmittedFile, outdent, printSource, siblingSpecifier } from "../source-file.js";
import { typeText } from "../type-text.js";
import { type FieldStep, type UpgradeHistory, upgradeHistory } from "./upgrade-history.js";

/** `upgrades.ts`: the types of older versions, and `defineUpgrades` typed by them; none where the schema names no upgrades. */
export function upgradesFile(input: EmitInput): readonly EmittedFile[] {
  const { model, names, schemaFile, extension } = input;
  if (model.settings.upgrade === undefined) return [];
  const history = upgradeHistory(input);
  const upgrades = upgradesInterface(input, history);
  const statements: (string | StatementStructures)[] = [
    ...(history.steps.size === 0
      ? []
      : [`import type { ${names.data} } from "${siblingSpecifier("session", extension)}";\n\n`]),
    ...history.older.map(({ number, fields }) => dataInterface(`${names.data}${number}`, number, fields)),
    upgrades,
    {
      kind: StructureKind.Function,
      name: "defineUpgrades",
      isExported: true,
      docs: [
        "\nThe conversions of fields that were something else in older versions. Each is called when such a record is\nread, until the field is assigned; what it gives for `undefined` is a field that is not set. A field that an older\nversion did not have at all can be computed from its record; the next save stores it.",
      ],
      parameters: [{ name: "upgrades", type: names.upgrades }],
      returnType: names.upgrades,
      statements: ["return upgrades;"],
    },
  ];
  return [{ path: "upgrades.ts", content: printSource(schemaFile, statements) }];
}

function dataInterface(
  name: string,
  number: number,
  fields: readonly FieldModel[],
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs: [`What a session held in version ${number}.`],
    properties: fields.map(({ name: field, kind, default: initial }) => ({
      name: propertyName(field),
      type: typeText(kind).replaceAll("\n", `\n${outdent}`),
      hasQuestionToken: initial === undefined,
      isReadonly: true,
    })),
  };
}

function upgradesInterface({ names }: EmitInput, history: UpgradeHistory): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: names.upgrades,
    isExported: true,
    docs: ["The fields that records of older versions hold as something else, or do not have."],
    properties: [...history.steps].map(([field, steps]) => property(field, steps, names.data, history)),
  };
}

/** One function that takes everything that the field ever was, or one for each step. */
function property(
  field: string,
  steps: readonly FieldStep[],
  data: string,
  { older }: UpgradeHistory,
): OptionalKind<PropertySignatureStructure> {
  const present = `${data}[${quote(field)}]`;
  const forms = steps.map((step): Form => {
    const record = `${data}${older[step.version]?.number}`;
    if (!("name" in step)) return { record, type: "undefined" };
    const type = `${record}[${quote(step.name)}]`;
    const was = older[step.version]?.fields.find(({ name }) => name === step.name);
    return { record, type: was?.default === undefined ? `Exclude<${type}, undefined>` : type };
  });
  const former = forms.filter(({ type }) => type !== "undefined");
  const all = former.length > 0 ? former : forms;
  const any = functionType(
    unique(all.map(({ type }) => type)),
    unique(all.map(({ record }) => record)),
    present,
  );
  const named = former.map(
    ({ type, record }, index) =>
      `step${index + 1}: ${functionType(type, record, former[index + 1]?.type ?? present)}`,
  );
  // One tuple, since the compiler tells no parameters to functions in one of several.
  const computed = forms
    .filter(({ type }) => type === "undefined")
    .map(({ type, record }) => `whenNew?: ${functionType(type, record, present)}`);
  const isList = former.length + computed.length > 1 && former.length > 0;
  return {
    name: propertyName(field),
    type: isList ? `(${any}) | readonly [${[...named, ...computed].join(", ")}]` : any,
    hasQuestionToken: true,
    isReadonly: true,
  };
}

/** What a step starts from, as types. */
interface Form {
  readonly type: string;
  readonly record: string;
}

function functionType(old: string, record: string, result: string): string {
  return `(old: ${old}, record: ${record}) => ${result} | undefined`;
}

function unique(texts: readonly string[]): string {
  return [...new Set(texts)].join(" | ");
}
