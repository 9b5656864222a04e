import type { FieldModel, KindModel, MergeStrategy, Settings } from "../model/model.js";
import { nearest } from "./nearest.js";
import { isObject, type Option, readMembers } from "./option.js";
import { readChoice, readDuration, readList } from "./read-value.js";
import { stated } from "./stated.js";

/** The fields of a shape as the rules need them. */
export interface KnownFields {
  /** Every name, also of fields that were refused for another reason. */
  readonly names: readonly string[];
  readonly fields: readonly FieldModel[];
}

/** The fields that sessions are looked up by. */
export function readIndexes(option: Option, known: KnownFields): readonly string[] {
  const names = readFieldNames(option, known, (kind, item) => {
    const problem = indexProblem(kind);
    if (problem !== undefined)
      item.refuse(`an index on \`${String(item.value)}\` is not possible: ${problem}`);
  });
  for (const [index, name] of names.entries()) {
    const other = names.slice(0, index).find((earlier) => earlier.toLowerCase() === name.toLowerCase());
    if (other) option.refuse(`\`${other}\` and \`${name}\` would be one column, since SQL ignores case`);
  }
  return names;
}

/** The fields that are never printed. */
export function readRedact(option: Option, known: KnownFields): readonly string[] {
  return readFieldNames(option, known);
}

/** The option `rotation`, checked; `false` turns it off. */
export function readRotation(option: Option, known: KnownFields): Settings["rotation"] {
  if (option.value === false) return false;
  const members = readMembers(option, ["onChange", "every"]);
  if (!members) return undefined;
  const onChange = members.onChange.value === undefined ? undefined : readFieldNames(members.onChange, known);
  const every = members.every.value === false ? (false as const) : readDuration(members.every);
  return stated({ onChange, every });
}

const strategies = ["replace", "sum", "union", "append", "reject"] as const;

/** The strategies that were named, by field. */
export function readMerge(option: Option, known: KnownFields): Settings["merge"] {
  if (option.value === undefined) return {};
  if (!isObject(option.value) || Array.isArray(option.value)) {
    option.refuse('it must be an object, such as `{ visits: "sum" }`');
    return {};
  }
  const merge: Record<string, MergeStrategy> = {};
  for (const name of Object.keys(option.value)) {
    const member = option.member(name);
    if (!isKnown(name, member, known)) continue;
    const strategy = readChoice(member, strategies);
    const kind = known.fields.find((field) => field.name === name)?.kind;
    const problem = strategy && kind && mergeProblem(strategy, kind);
    if (problem) member.refuse(problem);
    if (strategy) merge[name] = strategy;
  }
  return merge;
}

function readFieldNames(
  option: Option,
  known: KnownFields,
  check?: (kind: KindModel, item: Option) => void,
): readonly string[] {
  return readList(option).flatMap((item): string[] => {
    if (typeof item.value !== "string") {
      item.refuse("it must list names of fields");
      return [];
    }
    if (!isKnown(item.value, item, known)) return [];
    const field = known.fields.find(({ name }) => name === item.value);
    if (field) check?.(field.kind, item);
    return [item.value];
  });
}

/** Whether a field has the name; refused with the nearest one unless. */
export function isKnown(name: string, option: Option, { names }: KnownFields): boolean {
  if (names.includes(name)) return true;
  const near = nearest(name, names);
  option.refuse(`there is no field \`${name}\`${near === undefined ? "" : `; did you mean \`${near}\`?`}`);
  return false;
}

/** The longest text that every database can index. */
const longestIndexed = 255;

function indexProblem(kind: KindModel): string | undefined {
  switch (kind.type) {
    case "nullable":
      return indexProblem(kind.inner);
    case "string":
      return (kind.maxLength ?? Number.POSITIVE_INFINITY) <= longestIndexed
        ? undefined
        : `a string that is indexed needs a maximum length of at most ${longestIndexed}; write \`.max(${longestIndexed})\``;
    case "literal": {
      const types = new Set(kind.values.map((value) => typeof value));
      if (types.size > 1) return "its values are of several types";
      const isLong = kind.values.some(
        (value) => typeof value === "string" && [...value].length > longestIndexed,
      );
      return isLong ? `one of its values is longer than ${longestIndexed}` : undefined;
    }
    case "number":
    case "integer":
    case "bigint":
    case "boolean":
    case "date":
      return undefined;
    default:
      return `it is ${article(kind.type)}, and only text, numbers, booleans and dates can be looked up`;
  }
}

function mergeProblem(strategy: MergeStrategy, kind: KindModel): string | undefined {
  const isNumeric = kind.type === "number" || kind.type === "integer" || kind.type === "bigint";
  if (strategy === "sum" && !isNumeric) {
    return `"sum" is for numbers and bigints, and this field is ${article(kind.type)}`;
  }
  if ((strategy === "append" || strategy === "union") && kind.type !== "array") {
    return `"${strategy}" is for arrays, and this field is ${article(kind.type)}`;
  }
  return undefined;
}

function article(type: string): string {
  if (type === "bytes" || type === "null" || type === "nullable") return type;
  return `${/^[aeiou]/.test(type) && type !== "union" ? "an" : "a"} ${type}`;
}
