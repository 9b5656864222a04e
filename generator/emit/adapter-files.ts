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

/** The adapters whose requests, or contexts, carry the session as a property, and so need typings. */
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
  fastify: augment("fastify", "FastifyRequest"),
  hono: augment("hono", "ContextVariableMap"),
  // What every context is, whatever an app adds to its own.
  koa: augment("koa", "ExtendableContext"),
  nest: augment("@session-gen/runtime/nest", "SessionKinds"),
};

function augment(module: string, name: string): Typings {
  return (property) => ({
    kind: StructureKind.Module,
    declarationKind: ModuleDeclarationKind.Module,
    name: JSON.stringify(module),
    hasDeclareKeyword: true,
    statements: [{ kind: StructureKind.Interface, name, properties: [property] }],
  });
}

/** What is said of the property, where it is not of a request. */
const notes: Readonly<Record<string, string>> = {
  nest: "What `@CurrentSession()` gives to a handler; `undefined` on requests that the option `skip` passes over.",
};

/** The adapters of the schema that need typings, sorted. */
export function adapterNames(model: Model): readonly string[] {
  return [...new Set(model.settings.adapters)].filter((adapter) => Object.hasOwn(typings, adapter)).sort();
}

/** `express.ts`, `hono.ts`, …: the session as a typed property of the framework's request or context. */
export function adapterFiles({ model, names, schemaFile, extension }: EmitInput): readonly EmittedFile[] {
  return adapterNames(model).map((adapter) => {
    const declaration = typings[adapter]?.({
      name: names.property,
      type: names.session,
      docs: [
        notes[adapter] ??
          `Put there by \`${adapter}Session\`; absent on requests that its \`skip\` passes over.`,
      ],
    });
    const content = printSource(schemaFile, [
      // An augmentation alone does not bring the module in.
      ...(adapter === "express"
        ? []
        : [
            `import type {} from ${JSON.stringify(adapter === "nest" ? "@session-gen/runtime/nest" : adapter)};`,
          ]),
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
