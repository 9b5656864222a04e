import type {
  ArrayKind,
  BigintKind,
  BytesKind,
  DateKind,
  KindModel,
  NumberKind,
  StringKind,
} from "../../model/model.js";
import { emailSource } from "../../model/string-formats.js";
import { quote } from "../literal.js";

/** Gives the name of a constant that holds a regular expression. */
export type DeclarePattern = (source: string, flags: string) => string;

/**
 * The conditions under which a value of the right type breaks its kind's rules, as expressions on a variable. What
 * cannot be told by a short one is `true`: then the whole check is asked.
 */
export function brokenRules(
  kind: KindModel,
  variable: string,
  declarePattern: DeclarePattern,
): readonly string[] {
  switch (kind.type) {
    case "string":
      return textRules(kind, variable, declarePattern);
    case "number":
    case "integer":
      return numberRules(kind, variable);
    case "bigint":
      return bigintRules(kind, variable);
    case "date":
      return dateRules(kind, variable);
    case "bytes":
      return lengthRules(kind, variable);
    case "array":
      return listRules(kind, variable);
    default:
      return [];
  }
}

function textRules(kind: StringKind, variable: string, declarePattern: DeclarePattern): readonly string[] {
  const { minLength = 0, maxLength, patterns = [] } = kind;
  return [
    ...(minLength > 0 ? [`isShorter(${variable}, ${minLength})`] : []),
    ...(maxLength !== undefined ? [`isLonger(${variable}, ${maxLength})`] : []),
    ...patterns.map(({ source, flags }) => {
      const test = `${declarePattern(source, flags)}.test(${variable})`;
      return source === emailSource ? `!(isPlainEmail(${variable}) || ${test})` : `!${test}`;
    }),
  ];
}

function numberRules(kind: NumberKind, variable: string): readonly string[] {
  return [
    ...limitRule(variable, "<", kind.minimum),
    ...limitRule(variable, ">", kind.maximum),
    ...limitRule(variable, "<=", kind.exclusiveMinimum),
    ...limitRule(variable, ">=", kind.exclusiveMaximum),
    ...(kind.multipleOf !== undefined ? ["true"] : []),
  ];
}

function bigintRules(kind: BigintKind, variable: string): readonly string[] {
  return [
    ...limitRule(variable, "<", kind.minimum),
    ...limitRule(variable, ">", kind.maximum),
    ...limitRule(variable, "<=", kind.exclusiveMinimum),
    ...limitRule(variable, ">=", kind.exclusiveMaximum),
    ...(kind.multipleOf !== undefined ? [`${variable} % ${kind.multipleOf}n !== 0n`] : []),
  ];
}

/** A date is a Date or its epoch milliseconds. */
function dateRules(kind: DateKind, variable: string): readonly string[] {
  return [
    ...limitRule(`Number(${variable})`, "<", kind.minimum),
    ...limitRule(`Number(${variable})`, ">", kind.maximum),
  ];
}

function lengthRules({ minLength = 0, maxLength }: BytesKind, variable: string): readonly string[] {
  return [
    ...(minLength > 0 ? [`${variable}.length < ${minLength}`] : []),
    ...limitRule(`${variable}.length`, ">", maxLength),
  ];
}

function listRules({ minItems = 0, maxItems, uniqueItems }: ArrayKind, variable: string): readonly string[] {
  return [
    ...(minItems > 0 ? [`${variable}.length < ${minItems}`] : []),
    ...limitRule(`${variable}.length`, ">", maxItems),
    ...(uniqueItems ? [`${variable}.length > 1`] : []),
  ];
}

function limitRule(
  variable: string,
  operator: string,
  limit: number | bigint | undefined,
): readonly string[] {
  if (limit === undefined) return [];
  const text = typeof limit === "bigint" ? `${limit}n` : Object.is(limit, -0) ? "0" : String(limit);
  return [`${variable} ${operator} ${text}`];
}

/** The expression that makes a regular expression; it has no memory of where it was. */
export function patternCode(source: string, flags: string): string {
  return `new RegExp(${quote(source)}, ${quote(flags.replace(/[gy]/g, ""))})`;
}
