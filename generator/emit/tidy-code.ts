import { returnFailures } from "./failure-lists.js";

/**
 * Ajv's code, made shorter and readable: failures are reported by `fail(…)` with a path and a message, functions
 * have the names they are exported by, nothing is exported, lines are indented.
 *
 * @throws Error when the code does not look as expected, so that a new Ajv cannot change the output in silence.
 */
export function tidyCode(ajvCode: string): string {
  const schemas = new Map(
    [...ajvCode.matchAll(/^const (schema\d+) = (.*);$/gm)].map(([, name, json = "null"]) => [name, json]),
  );
  const readable = ajvCode.replace(typeOfSchema, (match: string, name?: string, path?: string) =>
    name === undefined ? match : typesAt(schemas.get(name), path),
  );
  let code = readable.replace(failure, (...match) => shortFailure(groups.parse(match.at(-1))));
  const names = new Map(
    [...ajvCode.matchAll(/^export const (\w+) = (\w+);$/gm)].map(([, name, check]) => [check, name]),
  );
  code = code.replace(ajvName, (name) =>
    name.startsWith("func") ? "Object.hasOwn" : (names.get(name) ?? name),
  );
  code = code
    .replace(/^"use strict";\n/, "")
    .replace(/^export const \w+ = \w+;$/gm, "")
    .replace(/^const schema\d+ = .*;$/gm, "")
    .replace(/^const func\d+ = Object\.prototype\.hasOwnProperty;$/gm, "")
    .replace(
      /, \{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}\)\{/g,
      ', instancePath = "") {',
    )
    .replace(ownMember, (match: string, ...parts) => ownership(match, parts.at(-1)))
    .replace(call, (match: string, path?: string) => (path === undefined ? match : `${path})`))
    .replace(/(\w+)\.replace\(\/~\/g, "~0"\)\.replace\(\/\\\/\/g, "~1"\)/g, "escapePointer($1)")
    .replace(/^if\(!\w+\)\{\n\}\n/gm, "")
    .replace(/\}\nelse /g, "} else ")
    .replace(/^(if|for)\(/gm, "$1 (")
    .replace(/\)\{$/gm, ") {")
    .replaceAll("</", "\\u003c/");
  if (
    /\bconst err\d|\brequire\(|(?<![.\w])rootData\b|^import |(?<![.\w])validate\d/m.test(
      code.replace(strings, '""'),
    )
  ) {
    throw new Error("Ajv's output has changed; session-gen cannot tidy it.");
  }
  return indentLines(returnFailures(code)).replace(singleStatement, (block, indent, condition, statement) => {
    const line = `${indent}${condition} ${statement}`;
    return line.length > 110 ? block : line;
  });
}

/** A block of one line, without an else. */
const singleStatement = /^( *)(if \(.*\)) \{\n +(failures = .*;)\n\1\}$/gm;

const text = String.raw`"(?:[^"\\]|\\.)*"`;
/** Ajv's names for functions: not what only looks like them, in a string or as a member. */
const ajvName = new RegExp(`${text}|(?<![.\\w])(?:validate\\d+\\b|func\\d+\\.call(?=\\())`, "g");
const strings = new RegExp(text, "g");
const expression = `(?:${text}|[^"\\n])*?`;

/** One failure as Ajv notes it. What is inside a string literal is never taken for code. */
const failure = new RegExp(
  String.raw`^const (?<error>err\d+) = \{instancePath(?::(?<path>${expression}))?,schemaPath:${expression},keyword:"(?<keyword>\w+)",params:(?<params>\{${expression}\}),message:(?<message>${expression})(?:,propertyName:(?<key>\w+))?\};
if\(vErrors === null\)\{
vErrors = \[\k<error>\];
\}
else \{
vErrors\.push\(\k<error>\);
\}
errors\+\+;`,
  "gm",
);

/** Where Ajv names the types of a value by where they stand in its schema; or a string, which is passed over. */
const typeOfSchema = new RegExp(
  String.raw`${text}|(?<=params:\{type: )(schema\d+)((?:\.[\w$]+|\[(?:\d+|${text})\])*)(?=\})`,
  "g",
);

/** The types themselves. */
function typesAt(json = "null", path = ""): string {
  let schema: unknown = JSON.parse(json);
  for (const [, member, key] of path.matchAll(/\.([\w$]+)|\[(\d+|"(?:[^"\\]|\\.)*")\]/g)) {
    const name = member ?? String(JSON.parse(key ?? '""'));
    schema = typeof schema === "object" && schema !== null ? Reflect.get(schema, name) : undefined;
  }
  return JSON.stringify(schema);
}

/** The arguments with which one check calls another; or a string, which is passed over. */
const call = new RegExp(
  String.raw`${text}|\{instancePath:(?<path>${expression}),parentData:\w+,parentDataProperty:${text},rootData\}\)`,
  "g",
);

/** Whether an object has a member that is not undefined, or has not; or a string, which is passed over. */
const ownMember = new RegExp(
  [
    text,
    String.raw`(?<object>\w+)(?<member>\.[\w$]+|\[${text}\]) !== undefined && Object\.hasOwn\(\k<object>, (?<name>${text})\)`,
    String.raw`\((?<lacking>\w+)(?<lacked>\.[\w$]+|\[${text}\]) === undefined\) \|\| \(!\(Object\.hasOwn\(\k<lacking>, (?<nameless>${text})\)\)\)`,
  ].join("|"),
  "g",
);

/** Asking by `owns` takes a tenth of the time. It cannot tell of `__proto__`, which every object has in a way of its own. */
function ownership(match: string, found: Readonly<Record<string, string | undefined>>): string {
  const { object = found["lacking"], member = found["lacked"], name = found["nameless"] } = found;
  if (object === undefined || name === '"__proto__"') return match;
  const question = `owns(${object}, ${name}, ${object}${member}, shared${member})`;
  return found["lacking"] === undefined ? question : `!${question}`;
}

interface Failure {
  readonly path: string;
  readonly keyword: string;
  readonly params: string;
  readonly message: string;
  readonly key: string | undefined;
}

const groups = {
  parse(found: unknown): Failure {
    const named = Object.assign(
      { path: undefined, keyword: "", params: "", message: "", key: undefined },
      found,
    );
    return { ...named, path: named.path ?? "instancePath" };
  },
};

function shortFailure({ path, keyword, params, message, key }: Failure): string {
  if (keyword === "propertyNames" || keyword === "storedKeys") return "";
  return `vErrors = fail(vErrors, ${path}${furtherPath(params, key)}, ${plainMessage(keyword, params) ?? message});\nerrors++;`;
}

/** The step from the object that was looked at to the member that is at fault. */
function furtherPath(params: string, key: string | undefined): string {
  if (key !== undefined) return ` + "/" + escapePointer(${key})`;
  const extra = /^\{additionalProperty: (\w+)\}$/.exec(params)?.[1];
  if (extra !== undefined) return ` + "/" + escapePointer(${extra})`;
  const missing = /^\{missingProperty: (".*")\}$/s.exec(params)?.[1];
  if (missing === undefined) return "";
  return ` + ${missing.replaceAll("~", "~0").replaceAll("/", "~1").replace(/^"/, '"/')}`;
}

/** What a person reads, where Ajv's own words are not good enough. */
function plainMessage(keyword: string, params: string): string | undefined {
  const limit = Number(/limit: (\d+)/.exec(params)?.[1]);
  const items = limit === 1 ? "1 item" : `${limit} items`;
  switch (keyword) {
    case "anyOf":
      return "noForm";
    case "required":
      return '"is missing"';
    case "additionalProperties":
      return '"is not a member of this object"';
    case "type":
      return typeMessage(params);
    case "minItems":
      return `"must have at least ${items}"`;
    case "maxItems":
    case "additionalItems":
      return `"must have at most ${items}"`;
    default:
      return undefined;
  }
}

function typeMessage(params: string): string {
  const types = [...params.matchAll(/"(\w+)"/g)].map(([, type]) => {
    if (type === "null") return "null";
    return type === "array" || type === "object" ? `an ${type}` : `a ${type}`;
  });
  return `"must be ${types.join(" or ")}"`;
}

function indentLines(code: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const line of code.split("\n")) {
    if (line.startsWith("}")) depth -= 1;
    if (line !== "" || (depth === 0 && lines.at(-1) !== ""))
      lines.push(line === "" ? "" : "  ".repeat(depth) + line);
    if (line.endsWith("{")) depth += 1;
  }
  return lines.join("\n").trim();
}
