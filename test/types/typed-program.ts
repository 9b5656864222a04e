import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../house/source-files.js";

/** The settings of an app that is as strict as can be, with our packages read from their sources. */
export const strictOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.es2024.string.d.ts", "lib.esnext.disposable.d.ts"],
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  declaration: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  // Messages then list the members of a union as they are declared, in whatever order files are checked.
  stableTypeOrdering: true,
  paths: {
    "session-gen": [join(root, "schema/index.ts")],
    "session-gen/typebox": [join(root, "schema/typebox.ts")],
    "@session-gen/runtime": [join(root, "runtime/index.ts")],
    "@session-gen/runtime/backends/*": [join(root, "runtime/backends/*.ts")],
    "@session-gen/runtime/observability/*": [join(root, "runtime/observability/*.ts")],
    "@session-gen/runtime/codecs/*": [join(root, "runtime/codecs/*.ts")],
    "@session-gen/runtime/compression/*": [join(root, "runtime/compression/*.ts")],
    "@session-gen/runtime/testing": [join(root, "runtime/testing/index.ts")],
    "@session-gen/runtime/*": [join(root, "runtime/http/*.ts")],
  },
};

/** Files that exist for the compiler only, by absolute path. */
export type Files = Readonly<Record<string, string>>;

/** A compiler host that sees these files beside those on disk; parsed files are kept between programs. */
export function hostOf(files: Files, options: ts.CompilerOptions): ts.CompilerHost {
  const disk = ts.createCompilerHost(options, true);
  const folders = new Set<string>();
  for (const path of Object.keys(files)) {
    for (let folder = dirname(path); !folders.has(folder) && folder !== dirname(folder); ) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  return {
    ...disk,
    fileExists: (path) => files[path] !== undefined || disk.fileExists(path),
    directoryExists: (path) => folders.has(path) || (disk.directoryExists?.(path) ?? true),
    readFile: (path) => files[path] ?? disk.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = files[path];
      if (text !== undefined) return ts.createSourceFile(path, text, languageVersion, true);
      const kept = parsed.get(path) ?? disk.getSourceFile(path, languageVersion, ...rest);
      if (kept !== undefined) parsed.set(path, kept);
      return kept;
    },
  };
}

const parsed = new Map<string, ts.SourceFile>();

/** What a diagnostic says, as `tsc` prints it, indented where it explains itself. */
export function messageOf({ code, messageText }: ts.Diagnostic): string {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}

/** What the compiler says of these files, and of no others. */
export function complaintsAbout(files: Files, options: ts.CompilerOptions): readonly string[] {
  const program = ts.createProgram(Object.keys(files), options, hostOf(files, options));
  return Object.keys(files).flatMap((path) => {
    const file = program.getSourceFile(path);
    return [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ].map(
      (diagnostic) =>
        `${path}:${(file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0) + 1} ${messageOf(diagnostic)}`,
    );
  });
}
