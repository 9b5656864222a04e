import {
  ModuleDeclarationKind,
  type ModuleDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
  StructureKind,
} from "ts-morph";
import type { Model } from "../model/model.js";
import type { EmitInput } from "./emit-input.js";
import { type EmittedFile, printSource, siblingSpecifier } from "./source-file.js";

type Typings = (property: OptionalKind<PropertySignatureStructure>) => ModuleDeclarationStructure;

/** The adapters whose requests carry the session as a property, and so need typings. */
const typings: Readonly<Record<string, Typings>> = {
  express: (property) => ({
    kind: StructureKind.Module,
    declarationKind: ModuleDeclarationKind.Global,
    name: "global",
    hasDeclareKeyword: true,
    statements: [
      {
        kind: StructureKind.Module,
        declarationKind: ModuleDeclarationKind.Namespace,
        name: "Express",
        statements: [{ kind: StructureKind.Interface, name: "Request", properties: [property] }],
      },
    ],
  }),
  fastify: (property) => ({
    kind: StructureKind.Module,
    declarationKind: ModuleDeclarationKind.Module,
    name: '"fastify"',
    hasDeclareKeyword: true,
    statements: [{ kind: StructureKind.Interface, name: "FastifyRequest", properties: [property] }],
  }),
};

/** The adapters of the schema that need typings, sorted. */
export function adapterNames(model: Model): readonly string[] {
  return [...new Set(model.settings.adapters)].filter((adapter) => Object.hasOwn(typings, adapter)).sort();
}

/** `express.ts`, `fastify.ts`: the session as a typed property of the framework's request. */
export function adapterFiles({ model, names, schemaFile, extension }: EmitInput): readonly EmittedFile[] {
  return adapterNames(model).map((adapter) => {
    const declaration = typings[adapter]?.({
      name: names.property,
      type: names.session,
      docs: [`Put there by \`${adapter}Session\`; absent on requests that its \`skip\` passes over.`],
    });
    const content = printSource(schemaFile, [
      // An augmentation alone does not bring the module in.
      ...(adapter === "fastify" ? ['import type {} from "fastify";'] : []),
      {
        kind: StructureKind.ImportDeclaration,
        isTypeOnly: true,
        namedImports: [names.session],
        moduleSpecifier: siblingSpecifier("session", extension),
      },
      ...(declaration === undefined ? [] : [declaration]),
    ]);
    return { path: `${adapter}.ts`, content };
  });
}
