import { transformSync } from "esbuild";

/** The text of a TypeScript module as a script: a function of `exports`, which it fills, and `require`. */
export function toScript(text: string): string {
  const { code } = transformSync(text, { loader: "ts", format: "cjs", target: "es2022" });
  return `(function (exports, require) {const module = {};\n${code}\nObject.assign(exports, module.exports);})`;
}
