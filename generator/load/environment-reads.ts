import type { ts as TypeScript } from "ts-morph";

/** The expressions `process.env` in a file, also written `process["env"]` or `globalThis.process.env`. */
export function environmentReads(
  ts: typeof TypeScript,
  file: TypeScript.SourceFile,
): readonly TypeScript.Node[] {
  const found: TypeScript.Node[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (isProcessEnv(ts, node)) found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isProcessEnv(ts: typeof TypeScript, node: TypeScript.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  if (memberName(ts, node) !== "env") return false;
  const { expression } = node;
  return (
    (ts.isIdentifier(expression) && expression.text === "process") || memberName(ts, expression) === "process"
  );
}

/** `b` of `a.b` and of `a["b"]`. */
function memberName(ts: typeof TypeScript, node: TypeScript.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  const argument = ts.isElementAccessExpression(node) ? node.argumentExpression : undefined;
  return argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}
