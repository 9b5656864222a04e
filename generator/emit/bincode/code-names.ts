import type { KindModel, Model } from "../../model/model.js";
import { createCodeNames } from "../codec/code-names.js";
import { brokenRules, patternCode } from "../codec/rule-code.js";
import { printLiteral, quote } from "../literal.js";
import type { KindTitles } from "./kind-titles.js";
import { variantsOf } from "./layout.js";
import { rustWord } from "./rust-names.js";

/** What generated code calls the parts of a schema, and the code of what it calls by a name only. */
export interface CodeNames {
  /** Of an object or tuple: `SessionCartItem` as in `readSessionCartItem`. */
  titleOf(kind: KindModel): string;
  /** Of an enum's values: `sessionTheme`. */
  enumOf(kind: KindModel): string;
  /** The arguments for a kind's rules, each with a comma before it, or nothing. */
  ruleArguments(kind: KindModel): string;
  /** Declares what reads or writes one item of a list or map, `code` being its parameters and body; its name. */
  itemFunction(prefix: "read" | "write", kind: KindModel, code: string): string;
  /** Names for the members of one function's object, in their order. */
  locals(members: readonly string[]): readonly string[];
  /** Enums, patterns, rules and functions of items, in the order in which they are used. */
  readonly constants: readonly string[];
}

/** Names everything that a schema's code needs, once. */
export function codeNames(model: Model, titles: KindTitles): CodeNames {
  const taken = {
    rules: new Set<string>(),
    patterns: new Set<string>(),
    read: new Set<string>(),
    write: new Set<string>(),
  };
  const constants: string[] = [];
  const argumentsOf = new Map<KindModel, readonly string[]>();
  const enums = new Map<KindModel, string>();
  for (const [kind, path] of titles.paths) {
    const title = titles.types.get(kind);
    if (kind.type === "literal" && title !== undefined) {
      const name = `${title.charAt(0).toLowerCase()}${title.slice(1)}Values`;
      enums.set(kind, name);
      constants.push(`const ${name} = enumeration(${printLiteral(variantsOf(kind).map(withoutSign))});`);
    }
    const { limits, rest } = withoutLimits(kind);
    if (limits.length > 0) argumentsOf.set(kind, limits);
    const broken = brokenRules(rest, "value", (source, flags) => {
      const name = `${rustWord(path, taken.patterns)}Pattern`.replace(/^./, (first) => first.toLowerCase());
      constants.push(`const ${name} = ${patternCode(source, flags)};`);
      return name;
    });
    const type = typeOfValue(kind);
    if (broken.length === 0 || type === undefined) continue;
    const name = `breaks${rustWord(path, taken.rules)}`;
    argumentsOf.set(kind, [...limits, name]);
    const test = broken.join(" || ");
    const parameter = test.includes("value") ? `value: ${type}` : "";
    constants.push(`const ${name} = (${parameter}): boolean => ${test};`);
  }
  return {
    titleOf: (kind) => titles.types.get(kind) ?? quote(model.name),
    enumOf: (kind) => enums.get(kind) ?? "undefined",
    ruleArguments: (kind) => given(argumentsOf.get(kind) ?? []),
    itemFunction(prefix, kind, text) {
      const name = `${prefix}One${rustWord(titles.paths.get(kind) ?? kind.type, taken[prefix])}`;
      constants.push(`const ${name} = ${text};`);
      return name;
    },
    locals: createCodeNames().locals,
    constants,
  };
}

/** Arguments up to the last one that is not left out. */
function given(all: readonly string[]): string {
  const last = all.findLastIndex((argument) => argument !== "undefined");
  return all
    .slice(0, last + 1)
    .map((argument) => `, ${argument}`)
    .join("");
}

/** The limits that the methods of texts and integers take as they are, and the kind without them. */
function withoutLimits(kind: KindModel): { readonly limits: readonly string[]; readonly rest: KindModel } {
  if (kind.type === "string") {
    const { maxLength, ...rest } = kind;
    return { limits: [String(maxLength)], rest };
  }
  if (kind.type === "integer") {
    const { minimum, maximum, ...rest } = kind;
    return { limits: [String(minimum), String(maximum)], rest };
  }
  return { limits: [], rest: kind };
}

/** What a rule is asked about. */
function typeOfValue({ type }: KindModel): string | undefined {
  switch (type) {
    case "string":
    case "bigint":
      return type;
    case "number":
    case "integer":
    case "date":
      return "number";
    case "bytes":
      return "Uint8Array";
    case "array":
      return "readonly unknown[]";
    default:
      return undefined;
  }
}

/** -0 is stored as 0 wherever a schema names its values. */
function withoutSign(value: string | number | boolean): string | number | boolean {
  return value === 0 ? 0 : value;
}
