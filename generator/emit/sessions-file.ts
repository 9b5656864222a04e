import {
  type FunctionDeclarationStructure,
  type ImportDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from "ts-morph";
import { analyticsSinks } from "./analytics-sinks.js";
import { abilitiesInterface } from "./backend-abilities.js";
import { backendCall, revocationCall } from "./backend-calls.js";
import { type BackendChain, backendChain } from "./backend-chain.js";
import { optionProperties } from "./backend-options.js";
import { formerCodecs, presentCodec } from "./codec/codec-uses.js";
import type { EmitInput } from "./emit-input.js";
import { kindTable, namesEnvironment } from "./kind-table.js";
import { lineWidth, printBlock, printLiteral, propertyName } from "./literal.js";
import { type EmittedFile, moduleSpecifier, printSource, siblingSpecifier } from "./source-file.js";
import { docs, typeText } from "./type-text.js";
import { upgradeHistory } from "./upgrade/upgrade-history.js";

/** `sessions.ts`: the factory, which reads as the chain that the schema declares. */
export function sessionsFile(input: EmitInput): EmittedFile {
  const { names, schemaFile } = input;
  const chain = backendChain(input);
  const content = printSource(schemaFile, [
    ...imports(input, chain),
    ...filter(input),
    "\n",
    `const kind: ${kindType(input)}<${names.session}> = ${printBlock(kindTable(input))};`,
    ...abilitiesInterface(chain.abilities, input),
    "\n",
    optionsType(input, chain),
    "\n",
    {
      kind: StructureKind.TypeAlias,
      name: names.sessions,
      isExported: true,
      docs: ["The sessions of this shape, over the backend of the schema."],
      type: sessionsType(input, chain),
    },
    factory(input, chain),
  ]);
  return { path: "sessions.ts", content };
}

/** The type parameter that stands for the abilities of the backend which is really used; a seal has none. */
function abilitiesParameter({
  abilities: { type },
  options,
}: BackendChain): InterfaceDeclarationStructure["typeParameters"] & object {
  if (type === undefined) return [];
  const isOwn = options.some(({ name }) => name === "backend");
  return [{ name: "A", constraint: isOwn ? type : "BackendAbilities", default: type }];
}

function optionsType(
  input: EmitInput,
  chain: BackendChain,
): InterfaceDeclarationStructure | TypeAliasDeclarationStructure {
  const { names } = input;
  const common = {
    name: names.options,
    isExported: true,
    docs: ["What can be replaced when the sessions are opened."],
    typeParameters: abilitiesParameter(chain),
  };
  const base = chain.seal === undefined ? "SessionsOptions<A>" : "SealedSessionsOptions";
  const options = [...chain.options, ...analyticsSinks(input).options];
  if (options.length === 0) {
    return { ...common, kind: StructureKind.TypeAlias, type: base };
  }
  return {
    ...common,
    kind: StructureKind.Interface,
    extends: [base],
    properties: optionProperties(options),
  };
}

function factory(input: EmitInput, chain: BackendChain): FunctionDeclarationStructure {
  const { names } = input;
  const isNeeded = chain.options.some(({ isRequired }) => isRequired);
  return {
    kind: StructureKind.Function,
    name: names.create,
    isExported: true,
    docs: [
      [
        "\nThe sessions of this schema, made once when the app starts. Nothing is connected, and no `env` is read, before",
        `first use or \`ready()\`.${chain.seal === undefined ? " With a `backend` of your own, there are the methods that it can do." : ""}`,
      ].join("\n"),
    ],
    typeParameters: abilitiesParameter(chain),
    parameters: [
      {
        name: "options",
        type: chain.seal === undefined ? `${names.options}<A>` : names.options,
        ...(isNeeded ? {} : { initializer: "{}" }),
        ...(chain.seal === undefined && { leadingTrivia: "\n", trailingTrivia: ",\n" }),
      },
    ],
    returnType: chain.seal === undefined ? sessionsType(input, chain, "A") : names.sessions,
    statements: [...analyticsSinks(input).statements, openStatement(input, chain)],
  };
}

function openStatement(input: EmitInput, { seal }: BackendChain): string {
  const revocation = revocationCall(input);
  const { opened } = analyticsSinks(input);
  const open = seal === undefined ? "openSessions" : "openSealedSessions";
  const first = `${seal === undefined ? "()" : "(cookieName)"} =>`;
  const backend = backendCall(input);
  if (revocation !== undefined) {
    const made = printLiteral(revocation, 0, "    ");
    const makers = [
      `${first}\n    ${printLiteral(backend, 0, "    ")}`,
      made.includes("\n") ? `() =>\n    ${made}` : `() => ${made}`,
    ];
    return `return ${open}(\n${["kind", opened, ...makers].map((part) => `  ${part},\n`).join("")});`;
  }
  const text = printLiteral(backend, 0, "  ");
  const line = `return ${open}(kind, ${opened}, ${first} ${text});`;
  const fits = !line.includes("\n") && line.length <= lineWidth - 2;
  return fits ? line : `return ${open}(kind, ${opened}, ${first}\n  ${text},\n);`;
}

function imports(input: EmitInput, chain: BackendChain): ImportDeclarationStructure[] {
  const { model, names, extension } = input;
  const { compression, encryption, backend, cookie } = model.settings;
  const open = chain.seal === undefined ? "openSessions" : "openSealedSessions";
  const readsEnvironment = namesEnvironment([backend, cookie, encryption]);
  const sinks = analyticsSinks(input);
  const sibling = (name: string) => siblingSpecifier(name, extension);
  const codecs = [presentCodec(input), ...formerCodecs(input)].map(({ imported }) => imported);
  return [
    { ...declare("@session-gen/runtime", runtimeTypes(input, chain)), isTypeOnly: true },
    declare("@session-gen/runtime", [...(readsEnvironment ? ["env"] : []), open, ...sinks.runtimeValues]),
    ...[...sinks.modules, ...chain.modules].map(({ specifier, values, types }) =>
      declare(specifier, values, types),
    ),
    ...codecs.filter(({ moduleSpecifier }) => !isSibling(moduleSpecifier)),
    ...(compression === undefined
      ? []
      : [declare(`@session-gen/runtime/compression/${compression.algorithm}`, [compression.algorithm])]),
    ...upgradeImports(input),
    ...codecs.filter(({ moduleSpecifier }) => isSibling(moduleSpecifier)),
    declare(sibling("session"), [names.session]),
    declare(sibling("shape"), ["shape"]),
    declare(sibling("validate"), ["checkWire"]),
  ];
}

/** What the app has defined, and what its functions are called with. */
function upgradeImports(input: EmitInput): ImportDeclarationStructure[] {
  const { upgradePath, extension } = input;
  if (upgradePath === undefined || upgradeHistory(input).steps.size === 0) return [];
  return [
    {
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: moduleSpecifier(upgradePath, extension),
      defaultImport: "upgrades",
    },
    declare(siblingSpecifier("older-versions", extension), ["olderVersions"]),
  ];
}

function isSibling(specifier: string): boolean {
  return specifier.startsWith("./");
}

function runtimeTypes(input: EmitInput, { seal, runtimeTypes: needed }: BackendChain): readonly string[] {
  const own =
    seal === undefined
      ? ["BackendAbilities", storedType(input), "SessionsOptions"]
      : ["SealedSessionsOptions", sealedType[seal], ...(hasTenants(input) ? ["Tenanted"] : [])];
  return [kindType(input), ...own, ...needed].sort();
}

function hasTenants({ model }: EmitInput): boolean {
  return model.settings.tenancy !== undefined;
}

function kindType(input: EmitInput): string {
  return hasTenants(input) ? "TenantedKind" : "SessionKind";
}

function storedType(input: EmitInput): string {
  return hasTenants(input) ? "TenantedSessionsFor" : "SessionsFor";
}

function declare(
  moduleSpecifier: string,
  values: readonly string[],
  types: readonly string[] = [],
): ImportDeclarationStructure {
  return {
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier,
    namedImports: [...values.map((name) => ({ name })), ...types.map((name) => ({ name, isTypeOnly: true }))],
  };
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
        docs: docs(field),
      })),
    },
  ];
}

const sealedType = { sealed: "SealedSessions", revocable: "RevocableSessions" } as const;

function sessionsType(
  input: EmitInput,
  { seal, abilities }: BackendChain,
  parameter = abilities.type,
): string {
  const { model, names } = input;
  if (seal !== undefined) {
    const sealed = `${sealedType[seal]}<${names.session}>`;
    return hasTenants(input) ? `Tenanted<${sealed}, ${sealed}>` : sealed;
  }
  const filterType = model.settings.indexes.length > 0 ? names.filter : "Record<never, never>";
  return `${storedType(input)}<${names.session}, ${filterType}, ${parameter}>`;
}
