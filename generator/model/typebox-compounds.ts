import { unionOf } from "./kinds.js";
import { type ReadMember, toElementKind, toMember } from "./member-draft.js";
import type { ArrayKind, KindModel, MemberModel, ObjectKind, RecordKind, TupleKind } from "./model.js";
import type { Place } from "./place.js";
import { hasOnly, type TypeBoxSchema } from "./typebox-schema.js";
import { numberMember, typeBoxString } from "./typebox-string.js";
import { isRecord } from "./zod-schema.js";

/** An object with its members in source order; those that were refused are left out. */
export function typeBoxObject(schema: TypeBoxSchema, place: Place, read: ReadMember): ObjectKind {
  hasOnly(schema, place, "properties", "required", "additionalProperties");
  const { additionalProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false) {
    place.refuse("unknown members could not be checked; name them, or use `Type.Record`");
  }
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const members = Object.entries(properties).flatMap(([name, property]): MemberModel[] => {
    const at = place.member(name);
    const member = toMember(name, read(property, at), at);
    return member ? [member] : [];
  });
  return { type: "object", members, ...(additionalProperties === false ? { strict: true } : {}) };
}

/** The kind of `Type.Array`; refuses what of it cannot be generated. */
export function typeBoxArray(schema: TypeBoxSchema, place: Place, read: ReadMember): ArrayKind | undefined {
  const isPlain = hasOnly(schema, place, "items", "minItems", "maxItems", "uniqueItems");
  const items = element(schema["items"], place.element(), read);
  const limits = {
    ...numberMember(schema, "minItems", "minItems"),
    ...numberMember(schema, "maxItems", "maxItems"),
  };
  const isEmpty = (limits.minItems ?? 0) > (limits.maxItems ?? Number.POSITIVE_INFINITY);
  if (isEmpty) place.refuse("its limits leave no value");
  if (!isPlain || !items || isEmpty) return undefined;
  return {
    type: "array",
    items,
    ...limits,
    ...(schema["uniqueItems"] === true ? { uniqueItems: true } : {}),
  };
}

/** The kind of `Type.Tuple`, as either version writes it. */
export function typeBoxTuple(schema: TypeBoxSchema, place: Place, read: ReadMember): TupleKind | undefined {
  // What TypeBox sets itself; anything else would be an array with more or fewer elements than its type says.
  const { length } = listOf(schema["items"]);
  const own: Readonly<Record<string, unknown>> = {
    additionalItems: false,
    minItems: length,
    maxItems: length,
  };
  const isPlain = hasOnly(
    schema,
    place,
    "items",
    ...Object.keys(own).filter((name) => schema[name] === own[name]),
  );
  const schemas = listOf(schema["items"]);
  const items = schemas.map((item, index) => element(item, place.option(index), read));
  const known = items.filter((item) => item !== undefined);
  return isPlain && known.length === items.length ? { type: "tuple", items: known } : undefined;
}

/** TypeBox keeps the keys of a record as the one pattern of its properties. */
export function typeBoxRecord(schema: TypeBoxSchema, place: Place, read: ReadMember): RecordKind | undefined {
  const isPlain = hasOnly(schema, place, "patternProperties", "additionalProperties");
  const patterns = isRecord(schema["patternProperties"]) ? Object.entries(schema["patternProperties"]) : [];
  const [first] = patterns;
  if (!isPlain || !first || patterns.length > 1) {
    if (isPlain)
      place.refuse("the keys of a record are strings; write `Type.String()` or literals", "Record");
    return undefined;
  }
  const [pattern, valueSchema] = first;
  const values = element(valueSchema, place.element(), read);
  const keys = typeBoxString(anyText.has(pattern) ? {} : { pattern }, place);
  return values && keys && { type: "record", keys, values };
}

/** The kind of `Type.Union`. */
export function typeBoxUnion(schema: TypeBoxSchema, place: Place, read: ReadMember): KindModel | undefined {
  if (!hasOnly(schema, place, "anyOf")) return undefined;
  const kinds = listOf(schema["anyOf"]).map((option, index) => element(option, place.option(index), read));
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length === kinds.length ? unionOf(known) : undefined;
}

/** How the two versions write "every key". */
const anyText: ReadonlySet<string> = new Set(["^.*$", "^(.*)$"]);

function element(schema: unknown, place: Place, read: ReadMember): KindModel | undefined {
  return toElementKind(read(schema, place), place);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
