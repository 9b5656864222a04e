import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ts as TypeScript } from "ts-morph";
import { pathAliases } from "./path-aliases.js";
import { withoutMark } from "./without-mark.js";

/** The schema file and those of the person's own files that it imports from, parsed when a name leads there. */
export interface Declarations {
  readonly schema: TypeScript.SourceFile;
  /** What a name stands for: the value of a constant, or a function; `undefined` for what a package exports. */
  resolve(name: TypeScript.Identifier): TypeScript.Node | undefined;
  /** Absolute paths of the schema and of all files of the person that its imports lead to. */
  files(): readonly string[];
  /** One of those files, parsed; `undefined` for any other. */
  source(path: string): TypeScript.SourceFile | undefined;
}

interface ParsedFile {
  readonly source: TypeScript.SourceFile;
  /** Constants and functions by name; the default export as `default`. */
  readonly values: ReadonlyMap<string, TypeScript.Node>;
  readonly imports: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** Of imports and re-exports. */
  readonly specifiers: readonly string[];
}

/** Parses `text`; nothing is checked, and only relative imports and the aliases of tsconfig.json are followed. */
export function createDeclarations(ts: typeof TypeScript, file: string, text: string): Declarations {
  const files = new Map<string, ParsedFile | undefined>();
  const schema = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  files.set(file, parseFile(ts, schema));

  const load = (path: string): ParsedFile | undefined => {
    if (files.has(path)) return files.get(path);
    const imported = readText(path);
    const source = imported && ts.createSourceFile(path, imported, ts.ScriptTarget.ESNext, true);
    const parsed = source ? parseFile(ts, source) : undefined;
    files.set(path, parsed);
    return parsed;
  };
  const aliases = pathAliases(file);
  const locate = (from: string, specifier: string): string | undefined => {
    const paths = specifier.startsWith(".") ? [resolve(dirname(from), specifier)] : aliases(specifier);
    return paths.flatMap(candidates).find((candidate) => !isPackage(candidate) && load(candidate));
  };
  const find = (path: string, name: string, depth: number): TypeScript.Node | undefined => {
    const parsed = load(path);
    const imported = parsed?.imports.get(name);
    if (!imported || depth === 0) return parsed?.values.get(name);
    const target = locate(path, imported.specifier);
    return target === undefined ? undefined : find(target, imported.name, depth - 1);
  };
  return {
    schema,
    resolve: (name) => find(name.getSourceFile().fileName, name.text, longestChain),
    files: () => {
      const found = new Set([file]);
      for (const path of found) {
        for (const specifier of load(path)?.specifiers ?? []) {
          const target = locate(path, specifier);
          if (target !== undefined) found.add(target);
        }
      }
      return [...found];
    },
    source: (path) => load(path)?.source,
  };
}

/** How many files a name is followed through, so that files that import each other come to an end. */
const longestChain = 8;

function parseFile(ts: typeof TypeScript, source: TypeScript.SourceFile): ParsedFile {
  const values = new Map<string, TypeScript.Node>();
  const imports = new Map<string, { readonly specifier: string; readonly name: string }>();
  const specifiers: string[] = [];
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) values.set(statement.name.text, statement);
    if (ts.isExportAssignment(statement)) values.set("default", statement.expression);
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && initializer) values.set(name.text, initializer);
      }
    }
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) continue;
    const specifier = moduleSpecifier.text;
    specifiers.push(specifier);
    for (const [local, name] of ts.isImportDeclaration(statement) ? importedNames(ts, statement) : []) {
      imports.set(local, { specifier, name });
    }
  }
  return { source, values, imports, specifiers };
}

/** The names that an import declares, each with the name under which the other file exports it. */
function importedNames(
  ts: typeof TypeScript,
  { importClause }: TypeScript.ImportDeclaration,
): readonly (readonly [local: string, name: string])[] {
  const bindings = importClause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  return [
    ...(importClause?.name ? [[importClause.name.text, "default"] as const] : []),
    ...named.map(({ name, propertyName }) => [name.text, (propertyName ?? name).text] as const),
  ];
}

/** A `baseUrl` may lead into packages. */
function isPackage(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

/** TypeScript writes the specifier of the JavaScript file that a `.ts` file becomes. */
function candidates(path: string): readonly string[] {
  const source = path.replace(/\.(m|c)?js$/, ".$1ts");
  return [source, `${path}.ts`, `${path}/index.ts`, path];
}

function readText(path: string): string | undefined {
  try {
    return withoutMark(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
