import type { ArrayKind, BigintKind, KindModel, NumberKind, StringKind } from "../../model/model.js";
import { quote } from "../literal.js";

/** What a value of the right type is tested for while it is read or written. */
export interface RuleCode {
  /** The TypeScript type of `value`. */
  readonly type: string;
  /** True only for a `value` that the checks of `validate.ts` accept; where it is false, they decide. */
  readonly test: string;
}

/** The rule of a kind; `undefined` where its type says all. `pattern` gives a regular expression a name. */
export function ruleCode(
  kind: KindModel,
  pattern: (source: string, flags: string) => string,
): RuleCode | undefined {
  switch (kind.type) {
    case "string":
      return rule("string", stringTests(kind, pattern));
    case "number":
    case "integer":
      return rule("number", numberTests(kind));
    case "bigint":
      return rule("bigint", bigintTests(kind));
    case "date":
      return rule("number", [...atLeast("value", kind.minimum), ...atMost("value", kind.maximum)]);
    case "bytes":
      return rule("Uint8Array", [
        ...atLeast("value.length", kind.minLength),
        ...atMost("value.length", kind.maxLength),
      ]);
    case "array":
      return rule("readonly unknown[]", arrayTests(kind));
    default:
      return undefined;
  }
}

function rule(type: string, tests: readonly string[]): RuleCode | undefined {
  return tests.length === 0 ? undefined : { type, test: tests.join(" && ") };
}

function stringTests(
  { minLength, maxLength, patterns = [] }: StringKind,
  pattern: (source: string, flags: string) => string,
): readonly string[] {
  return [
    ...(minLength === undefined || minLength <= 0 ? [] : [`!isShorter(value, ${minLength})`]),
    ...(maxLength === undefined ? [] : [`!isLonger(value, ${maxLength})`]),
    ...patterns.map(({ source, flags }) => `${pattern(source, flags.replace(/[gy]/g, ""))}.test(value)`),
  ];
}

function numberTests(kind: NumberKind): readonly string[] {
  return [
    ...atLeast("value", kind.minimum),
    ...atMost("value", kind.maximum),
    ...(kind.exclusiveMinimum === undefined ? [] : [`value > ${kind.exclusiveMinimum}`]),
    ...(kind.exclusiveMaximum === undefined ? [] : [`value < ${kind.exclusiveMaximum}`]),
    ...(kind.multipleOf === undefined ? [] : [`value % ${kind.multipleOf} === 0`]),
  ];
}

function bigintTests(kind: BigintKind): readonly string[] {
  const compared = (operator: string, limit: bigint | undefined): readonly string[] =>
    limit === undefined ? [] : [`value ${operator} ${limit}n`];
  return [
    ...compared(">=", kind.minimum),
    ...compared("<=", kind.maximum),
    ...compared(">", kind.exclusiveMinimum),
    ...compared("<", kind.exclusiveMaximum),
    ...(kind.multipleOf === undefined ? [] : [`value % ${kind.multipleOf}n === 0n`]),
  ];
}

function arrayTests({ minItems, maxItems, uniqueItems }: ArrayKind): readonly string[] {
  return [
    ...atLeast("value.length", minItems),
    ...atMost("value.length", maxItems),
    ...(uniqueItems === true ? ["value.length < 2"] : []),
  ];
}

function atLeast(what: string, limit: number | undefined): readonly string[] {
  return limit === undefined ? [] : [`${what} >= ${limit}`];
}

function atMost(what: string, limit: number | undefined): readonly string[] {
  return limit === undefined ? [] : [`${what} <= ${limit}`];
}

/** A regular expression as code. */
export function patternCode(source: string, flags: string): string {
  return `new RegExp(${quote(source)}, ${quote(flags)})`;
}
