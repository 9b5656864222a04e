import {
  type DefaultResult,
  fitBigint,
  fitBounds,
  fitBytes,
  fitDate,
  fitNumber,
  fitString,
} from "./default-scalar.js";
import type {
  ArrayKind,
  DefaultValue,
  KindModel,
  MemberModel,
  ObjectKind,
  RecordKind,
  TupleKind,
  UnionKind,
} from "./model.js";

/**
 * Checks a default against its kind and turns it into wire form: a date becomes its epoch milliseconds
 * (`{ $date }` below a union that needs it), absent members their own defaults, unknown members are dropped.
 */
export function toDefaultValue(kind: KindModel, value: unknown): DefaultResult {
  return convert(kind, value, false);
}

/** `described`: below a union that holds a date, bigint or bytes, where stored values say what they are. */
function convert(kind: KindModel, value: unknown, described: boolean): DefaultResult {
  switch (kind.type) {
    case "string":
      return fitString(kind, value);
    case "number":
    case "integer":
      return fitNumber(kind, value);
    case "bigint":
      return fitBigint(kind, value);
    case "boolean":
      return typeof value === "boolean" ? { value } : { problem: "is not a boolean" };
    case "null":
      return value === null ? { value } : { problem: "is not null" };
    case "bytes":
      return fitBytes(kind, value);
    case "date": {
      const result = fitDate(kind, value);
      return described && "value" in result ? { value: { $date: result.value } } : result;
    }
    case "literal": {
      const found = kind.values.find((allowed) => allowed === value);
      return found === undefined ? { problem: "is none of the values" } : { value: found };
    }
    case "nullable":
      return value === null ? { value } : convert(kind.inner, value, described);
    case "union":
      return convertUnion(kind, value, described);
    case "array":
      return convertArray(kind, value, described);
    case "tuple":
      return convertTuple(kind, value, described);
    case "record":
      return convertRecord(kind, value, described);
    case "object":
      return convertObject(kind, value, described);
  }
}

function convertUnion({ members }: UnionKind, value: unknown, described: boolean): DefaultResult {
  const below = described || members.some(holdsMoreThanJson);
  const results = members.map((member) => convert(member, value, below));
  return results.find((result) => "value" in result) ?? { problem: "fits none of the alternatives" };
}

function convertArray(kind: ArrayKind, value: unknown, described: boolean): DefaultResult {
  if (!Array.isArray(value)) return { problem: "is not an array" };
  const bounds = { minimum: kind.minItems ?? 0, maximum: kind.maxItems ?? Number.POSITIVE_INFINITY };
  if (fitBounds(bounds, value.length)) return { problem: "has too few or too many elements" };
  const kinds = value.map(() => kind.items);
  return convertAll(value, kinds, described);
}

function convertTuple({ items, rest }: TupleKind, value: unknown, described: boolean): DefaultResult {
  if (!Array.isArray(value)) return { problem: "is not an array" };
  const extra = value.length - items.length;
  if (extra < 0 || (extra > 0 && rest === undefined)) return { problem: "has too few or too many elements" };
  const kinds = rest === undefined ? items : [...items, ...new Array<KindModel>(extra).fill(rest)];
  return convertAll(value, kinds, described);
}

function convertRecord({ keys, values }: RecordKind, value: unknown, described: boolean): DefaultResult {
  if (!isPlainObject(value)) return { problem: "is not an object" };
  const names = Object.keys(value);
  const refused = names.some((name) => name === "__proto__" || "problem" in fitString(keys, name));
  if (refused) return { problem: "has a key that is not allowed" };
  return convertMembers(
    names.map((name) => ({ name, kind: values })),
    value,
    described,
  );
}

function convertObject(kind: ObjectKind, value: unknown, described: boolean): DefaultResult {
  if (!isPlainObject(value)) return { problem: "is not an object" };
  const known = new Set(kind.members.map(({ name }) => name));
  const unknown = Object.keys(value).find((name) => !known.has(name));
  if (kind.strict && unknown !== undefined)
    return { problem: `has an unknown member ${JSON.stringify(unknown)}` };
  return convertMembers(kind.members, value, described);
}

function convertMembers(
  members: readonly MemberModel[],
  value: Readonly<Record<string, unknown>>,
  described: boolean,
): DefaultResult {
  const entries: (readonly [string, DefaultValue])[] = [];
  for (const { name, kind, optional, default: fallback } of members) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined) {
      const result = convert(kind, member, described);
      if ("problem" in result) return result;
      entries.push([name, result.value]);
    } else if (fallback !== undefined) entries.push([name, fallback]);
    else if (!optional) return { problem: `lacks the member ${JSON.stringify(name)}` };
  }
  const [only] = entries;
  const isAmbiguous = described && entries.length === 1 && only?.[0].startsWith("$");
  return { value: Object.fromEntries(isAmbiguous && only ? [[`$${only[0]}`, only[1]]] : entries) };
}

function convertAll(
  values: readonly unknown[],
  kinds: readonly KindModel[],
  described: boolean,
): DefaultResult {
  const converted: DefaultValue[] = [];
  for (const [index, kind] of kinds.entries()) {
    const result = convert(kind, values[index], described);
    if ("problem" in result) return result;
    converted.push(result.value);
  }
  return { value: converted };
}

function holdsMoreThanJson(kind: KindModel): boolean {
  switch (kind.type) {
    case "date":
    case "bigint":
    case "bytes":
      return true;
    case "nullable":
      return holdsMoreThanJson(kind.inner);
    case "array":
      return holdsMoreThanJson(kind.items);
    case "tuple":
      return [...kind.items, ...(kind.rest ? [kind.rest] : [])].some(holdsMoreThanJson);
    case "record":
      return holdsMoreThanJson(kind.values);
    case "object":
      return kind.members.some((member) => holdsMoreThanJson(member.kind));
    case "union":
      return kind.members.some(holdsMoreThanJson);
    default:
      return false;
  }
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}
