import { ts } from "ts-morph";
import type { SourceFile } from "./source-files.js";

/** One import of a file. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  /** `"type"` leaves no trace in the output; `"lazy"` is a call in a function; `"value"` runs when the file is loaded. */
  readonly when: "type" | "lazy" | "value";
  /** What is taken from it, by its name there; `*` is everything. */
  readonly names: readonly string[];
}

/** Everything a file imports or re-exports, as the compiler reads it: strings and comments do not fool it. */
export function readImports(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, when: Import["when"], names: readonly string[]): void => {
    const specifier = node !== undefined && ts.isStringLiteralLike(node) ? node.text : "(computed)";
    found.push({ file: file.path, specifier, when, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnly(node.importClause) ? "type" : "value", importedNames(node));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value", ["*"]);
    } else if (ts.isImportTypeNode(node)) {
      const literal = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
      add(literal, "type", ["*"]);
    } else if (ts.isCallExpression(node) && isImportCall(node)) {
      add(node.arguments[0], isInFunction(node) ? "lazy" : "value", ["*"]);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

/** The file as the compiler reads it. */
export function parse({ path, text }: SourceFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** The package that a bare specifier names: `@scope/name` or `name`; `null` for relative ones and Node's own. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return null;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isImportCall({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(expression) && expression.text === "require";
}

function isInFunction({ parent }: ts.Node): boolean {
  return parent !== undefined && (ts.isFunctionLike(parent) || isInFunction(parent));
}

function importedNames({ importClause }: ts.ImportDeclaration): readonly string[] {
  const bindings = importClause?.namedBindings;
  const named =
    bindings !== undefined && ts.isNamedImports(bindings)
      ? bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text)
      : bindings === undefined
        ? []
        : ["*"];
  return importClause?.name === undefined ? named : ["*", ...named];
}
