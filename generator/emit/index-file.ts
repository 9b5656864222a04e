import { type ExportDeclarationStructure, StructureKind } from "ts-morph";
import { adapterNames } from "./adapter-files.js";
import { abilitiesOf } from "./backend-abilities.js";
import type { EmitInput } from "./emit-input.js";
import { type EmittedFile, printSource, siblingSpecifier } from "./source-file.js";

/** `index.ts`: what the app imports. It brings the adapters' typings along. */
export function indexFile(input: EmitInput): EmittedFile {
  const { model, names, schemaFile, extension } = input;
  const share = (file: string, isTypeOnly: boolean, namedExports: string[]): ExportDeclarationStructure => ({
    kind: StructureKind.ExportDeclaration,
    isTypeOnly,
    namedExports,
    moduleSpecifier: siblingSpecifier(file, extension),
  });
  const content = printSource(schemaFile, [
    share("session", true, [names.data, names.patch]),
    share("session", false, [names.session]),
    share("sessions", true, [
      names.options,
      ...(abilitiesOf(input).declared.length > 0 ? [names.abilities] : []),
      ...(model.settings.indexes.length > 0 ? [names.filter] : []),
      names.sessions,
    ]),
    share("sessions", false, [names.create]),
    share("validate", false, ["explain", "validate"]),
    ...adapterNames(model).map((adapter) => ({
      kind: StructureKind.ImportDeclaration as const,
      moduleSpecifier: siblingSpecifier(adapter, extension),
    })),
  ]);
  return { path: "index.ts", content };
}
