import { type ImportDeclarationStructure, type InterfaceDeclarationStructure, StructureKind } from "ts-morph";
import type { CookieModel } from "../model/model.js";
import { type BackendChain, backendChain, textCode } from "./backend-chain.js";
import type { EmitInput } from "./emit-input.js";
import {
  code,
  members,
  type Printable,
  type PrintableObject,
  printable,
  printBlock,
  propertyName,
} from "./literal.js";
import { type EmittedFile, printSource, siblingSpecifier } from "./source-file.js";
import { typeText } from "./type-text.js";

/** `sessions.ts`: the factory, which reads as the chain that the schema declares. */
export function sessionsFile(input: EmitInput): EmittedFile {
  const { names, schemaFile } = input;
  const chain = backendChain(input);
  const abilities: AbilitiesParameter = [
    { name: "A", constraint: "BackendAbilities", default: chain.abilities },
  ];
  const content = printSource(schemaFile, [
    ...imports(input, chain),
    ...filter(input),
    "",
    `const kind: SessionKind<${names.session}> = ${printBlock(kind(input))};`,
    optionsInterface(input, chain, abilities),
    {
      kind: StructureKind.TypeAlias,
      name: names.sessions,
      isExported: true,
      docs: ["The sessions of this shape, over the backend of the schema."],
      type: sessionsType(input, chain.abilities),
    },
    {
      kind: StructureKind.Function,
      name: names.create,
      isExported: true,
      docs: ["Opens nothing, and reads nothing from the environment, before first use or `ready()`."],
      typeParameters: abilities,
      parameters: [
        {
          name: "options",
          type: `${names.options}<A>`,
          initializer: "{}",
          leadingTrivia: "\n",
          trailingTrivia: ",\n",
        },
      ],
      returnType: sessionsType(input, "A"),
      statements: [openStatement(chain)],
    },
  ]);
  return { path: "sessions.ts", content };
}

type AbilitiesParameter = NonNullable<InterfaceDeclarationStructure["typeParameters"]>;

function optionsInterface(
  { names }: EmitInput,
  { options }: BackendChain,
  abilities: AbilitiesParameter,
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: names.options,
    isExported: true,
    docs: ["What can be replaced when the sessions are opened."],
    typeParameters: abilities,
    extends: ["SessionsOptions<A>"],
    properties: options.map(({ doc, ...option }) => ({
      ...option,
      isReadonly: true,
      hasQuestionToken: true,
      docs: [doc],
    })),
  };
}

function openStatement({ call }: BackendChain): string {
  const line = `return openSessions(kind, options, () => ${call});`;
  return call.includes("\n") ? `return openSessions(kind, options, () =>\n  ${call},\n);` : line;
}

function imports({ model, names, extension }: EmitInput, chain: BackendChain): ImportDeclarationStructure[] {
  const readsEnvironment =
    chain.readsEnvironment || Object.values(model.settings.cookie ?? {}).some(isReference);
  const fromRuntime = ["openSessions", ...(readsEnvironment ? ["env"] : [])].sort();
  const types = ["BackendAbilities", "SessionKind", "SessionsFor", "SessionsOptions"];
  const declare = (moduleSpecifier: string, values: string[], typeNames: string[] = []) => ({
    kind: StructureKind.ImportDeclaration as const,
    moduleSpecifier,
    namedImports: [
      ...values.map((name) => ({ name })),
      ...typeNames.map((name) => ({ name, isTypeOnly: true })),
    ],
  });
  const sibling = (name: string) => siblingSpecifier(name, extension);
  const { codec } = model.settings;
  return [
    { ...declare("@session-gen/runtime", types), isTypeOnly: true },
    declare("@session-gen/runtime", fromRuntime),
    declare(chain.moduleSpecifier, [chain.factory], [...chain.types]),
    declare(`@session-gen/runtime/codecs/${codec}`, [`${codec}Codec`]),
    declare(sibling("session"), [names.session]),
    declare(sibling("shape"), ["shape"]),
    declare(sibling("validate"), ["checkWire"]),
  ];
}

function filter({ model, names }: EmitInput): InterfaceDeclarationStructure[] {
  const indexed = model.fields.filter((field) => model.settings.indexes.includes(field.name));
  if (indexed.length === 0) return [];
  return [
    {
      kind: StructureKind.Interface,
      name: names.filter,
      isExported: true,
      docs: ["The indexed fields, by which sessions are found, counted and revoked."],
      properties: indexed.map((field) => ({
        name: propertyName(field.name),
        type: typeText(field.kind),
        isReadonly: true,
        hasQuestionToken: true,
      })),
    },
  ];
}

function sessionsType({ model, names }: EmitInput, abilities: string): string {
  const filterType = model.settings.indexes.length > 0 ? names.filter : "Record<never, never>";
  return `SessionsFor<${names.session}, ${filterType}, ${abilities}>`;
}

/** The table of everything that the runtime needs to know about this kind; only what the schema sets. */
function kind({ model, names, shapeHash }: EmitInput): PrintableObject {
  const { settings } = model;
  const some = <T extends object>(value: T): Printable | undefined =>
    Object.keys(value).length > 0 ? printable(value) : undefined;
  return members([
    ["name", model.name],
    ["Session", code(names.session)],
    ["shape", code("shape")],
    ["shapeHash", shapeHash],
    ["checkWire", code("checkWire")],
    ["codec", code(`${settings.codec}Codec(shape)`)],
    ["indexes", some(settings.indexes)],
    ["merge", some(settings.merge)],
    ["redact", some(settings.redact)],
    ["expiry", settings.expiry && some(settings.expiry)],
    ["rotation", settings.rotation === false ? false : settings.rotation && some(settings.rotation)],
    ["cookie", settings.cookie && cookie(settings.cookie)],
    ["deadline", settings.deadline],
    ["onInvalid", settings.onInvalid],
  ]);
}

function cookie(model: CookieModel): Printable {
  return members(
    Object.entries(model).map(([name, value]) => [
      name,
      isReference(value) ? textCode(value) : printable(value),
    ]),
  );
}

function isReference(value: unknown): value is { readonly env: string; readonly default?: string } {
  return typeof value === "object" && value !== null && "env" in value;
}
