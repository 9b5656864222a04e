/**
 * Tidied checks as functions that return what does not fit: Ajv counts failures, and leaves them at the function. Names are
 * words, paths are templates, and what is typed is typed.
 *
 * @throws Error when the code does not look as expected, so that a new Ajv cannot change the output in silence.
 */
export function returnFailures(tidied: string): string {
  const strings: string[] = [];
  const masked = tidied.replace(literal, (text) => `"${strings.push(text) - 1}"`);
  const code = masked
    .split(/^(?=function )/m)
    .map((check) => withoutUnused(withoutRepeated(rewritten(check))))
    .join("");
  const left = /(?<![.\w"])(?:errors|vErrors|_errs\d+|_?valid\d+|instancePath|data\d*|var)(?![\w"])/.exec(
    code,
  );
  if (left !== null) throw new Error(`Ajv's output has changed; session-gen does not know its ${left[0]}.`);
  const text = (index: string): string => strings[Number(index)] ?? "";
  return code
    .replace(/(?<![.\w])path(?: \+ (?:"\d+"|\w+(?:\(\w+\))?))+/g, (path) => templateOf(path, text))
    .replace(/"(\d+)"/g, (_, index: string) => plainQuotes(text(index)));
}

/** A message that quotes reads better in the other quotation marks. */
function plainQuotes(text: string): string {
  const isQuoting = text.includes('\\"') && /^"(?:[^"\\']|\\")*"$/.test(text);
  return isQuoting ? text.replace(/^"|"$/g, "'").replaceAll('\\"', '"') : text;
}

const literal = /"(?:[^"\\\n]|\\.)*"/g;

/** In this order; strings are numbers in quotation marks. */
const rewrites: readonly (readonly [RegExp, string])[] = [
  [
    /\(data, instancePath = "\d+"\) \{\nlet vErrors = null;\nlet errors = 0;/g,
    '(data: Unchecked, path = ""): Failures {\nlet vErrors: Failures = null;',
  ],
  [/^\w+\.errors = vErrors;\nreturn errors === 0;/gm, "return vErrors;"],
  [/^(vErrors = fail\(.*\);)\nerrors\+\+;/gm, "$1"],
  // A union takes back what its other forms have noted.
  [
    /^errors = _errs(\d+);\nif \(vErrors !== null\) \{\nif \(_errs\1\) \{\nvErrors\.length = _errs\1;\n\} else \{\nvErrors = null;\n\}\n\}/gm,
    "vErrors = firstOf(vErrors, before$1);",
  ],
  [
    /^var (_valid\d+) = _errs(\d+) === errors;\nvalid(\d+) = valid\3 \|\| \1;/gm,
    "isFit$3 = countOf(vErrors) === before$2;",
  ],
  [/^let valid(\d+) = false;/gm, "let isFit$1 = false;"],
  [/^var valid\d+ = _errs\d+ === errors;\n(?:if \(!valid\d+\) \{\n+\}\n)?/gm, ""],
  [/^var valid(\d+) = (len\d+) <= (\d+);\nif \(!valid\1\) \{/gm, "if ($2 > $3) {"],
  [/\(!valid(\d+)\)/g, "(!isFit$1)"],
  [/^const _errs(\d+) = errors;/gm, "const before$1 = countOf(vErrors);"],
  [/\((\w[\w.[\]"]*) && typeof \1 == "\d+" && !Array\.isArray\(\1\)\)/g, "(isObject($1))"],
  [/\(typeof ([\w.[\]"]+) == ("\d+")\) && \(isFinite\(\1\)\)/g, "typeof $1 === $2 && Number.isFinite($1)"],
  [/ \|\| isNaN\([\w.[\]"]+\)/g, ""],
  [/ == /g, " === "],
  [/!\(typeof ([\w.[\]"]+) === ("\d+")\)/g, "typeof $1 !== $2"],
  [/!\((\w[\w.]*\([\w.[\]"]+\))\)/g, "!$1"],
  [/\((typeof [\w.[\]"]+ !== "\d+"|![\w.]+\([\w.[\]"]+\)|[\w.[\]"]+ !== null)\) && /g, "$1 && "],
  [/ && \(([\w.[\]"]+ !== null)\)/g, " && $1"],
  [/^for \(let i(\d+)=(\d+); i\1<(\w+); i\1\+\+\)/gm, "for (let i$1 = $2; i$1 < $3; i$1++)"],
  [/^let (data\d+ = )/gm, "const $1"],
  [/(?<![.\w])data(\d*)\b/g, "value$1"],
  [/(?<![.\w])vErrors\b/g, "failures"],
  [/(?<![.\w])instancePath\b/g, "path"],
  // A plus is a sum, except in `3.4e+38`.
  [/(?<=[\w")]) ?(?<!\+|\de)\+ ?(?=[\w"(])/g, " + "],
];

function rewritten(check: string): string {
  return rewrites.reduce((code, [pattern, replacement]) => code.replace(pattern, replacement), check);
}

/** What was noted before a union is what was noted before its first form. */
function withoutRepeated(check: string): string {
  const found = /^(const (before\d+) = .*\nlet isFit\d+ = false;\n)const (before\d+) = .*\n/m.exec(check);
  if (found === null) return check;
  const [both, kept = "", before = "", again = ""] = found;
  return withoutRepeated(check.replace(both, kept).replace(new RegExp(`\\b${again}\\b`, "g"), before));
}

/** Without counts that nothing is compared with. */
function withoutUnused(check: string): string {
  return check.replace(/^const (before\d+) = .*\n/gm, (line, name: string) =>
    check.split(new RegExp(`\\b${name}\\b`)).length > 2 ? line : "",
  );
}

/** A path with its steps as one template. */
function templateOf(path: string, text: (index: string) => string): string {
  const parts = path.split(" + ").map((part) => {
    const [, index] = /^"(\d+)"$/.exec(part) ?? [];
    if (index === undefined) return `\${${part}}`;
    const step = text(index);
    return /[\\`]|\$(?:\{|"$)/.test(step) ? `\${${step}}` : step.slice(1, -1);
  });
  return `\`${parts.join("")}\``;
}
