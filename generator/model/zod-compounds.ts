import { unionOf } from "./kinds.js";
import { type ReadMember, toElementKind, toMember } from "./member-draft.js";
import type { ArrayKind, KindModel, MemberModel, ObjectKind, RecordKind, TupleKind } from "./model.js";
import type { Place } from "./place.js";
import { areFine, lengthChecks, zodLengths } from "./zod-scalars.js";
import { checksOf, isRecord, isZodSchema, refuseCheck, type ZodDefinition } from "./zod-schema.js";

/** An object with its members in source order; those that were refused are left out. */
export function zodObject(definition: ZodDefinition, place: Place, read: ReadMember): ObjectKind {
  for (const check of checksOf(definition)) refuseCheck(check, place);
  const shape = isRecord(definition["shape"]) ? definition["shape"] : {};
  const members = Object.entries(shape).flatMap(([name, schema]): MemberModel[] => {
    const at = place.member(name);
    const member = toMember(name, read(schema, at), at);
    return member ? [member] : [];
  });
  return { type: "object", members, ...(isStrict(definition, place) ? { strict: true } : {}) };
}

/** The kind of `z.array`; refuses what of it cannot be generated. */
export function zodArray(definition: ZodDefinition, place: Place, read: ReadMember): ArrayKind | undefined {
  const checks = checksOf(definition);
  const { minimum, maximum } = zodLengths(checks);
  const rest = checks.filter(({ check }) => !lengthChecks.has(check));
  const bounds = {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
  const items = element(definition["element"], place.element(), read);
  if (!areFine(rest, bounds, [], place) || !items) return undefined;
  return {
    type: "array",
    items,
    ...(minimum === undefined ? {} : { minItems: minimum }),
    ...(maximum === undefined ? {} : { maxItems: maximum }),
  };
}

/** The kind of `z.tuple`. */
export function zodTuple(definition: ZodDefinition, place: Place, read: ReadMember): TupleKind | undefined {
  for (const check of checksOf(definition)) refuseCheck(check, place);
  const schemas = listOf(definition["items"]);
  const items = schemas.map((schema, index) => element(schema, place.option(index), read));
  const known = items.filter((item) => item !== undefined);
  const rest = definition["rest"] ? element(definition["rest"], place, read) : undefined;
  if (known.length < items.length || (definition["rest"] && !rest)) return undefined;
  return { type: "tuple", items: known, ...(rest ? { rest } : {}) };
}

/** Members by name: with named keys, the same as an object that refuses others; with text keys, a record. */
export function zodRecord(
  definition: ZodDefinition,
  place: Place,
  read: ReadMember,
): RecordKind | ObjectKind | undefined {
  for (const check of checksOf(definition)) refuseCheck(check, place);
  if (definition["mode"] === "loose")
    place.refuse("keys that do not match could not be checked; use `z.record`", "looseRecord");
  const values = element(definition["valueType"], place.element(), read);
  const keys = element(definition["keyType"], place, read);
  if (!values || !keys) return undefined;
  if (keys.type === "string") return { type: "record", keys, values };
  if (keys.type === "literal" && keys.values.every((key) => typeof key === "string")) {
    const optional = definition["partial"] === true ? { optional: true as const } : {};
    const members = keys.values.map((name): MemberModel => ({ name, kind: values, ...optional }));
    return { type: "object", members, strict: true };
  }
  place.refuse(
    "the keys of a record are strings; write `z.string()` or an enum of strings",
    "record",
    "partialRecord",
  );
  return undefined;
}

/** The kind of `z.union` and `z.discriminatedUnion`. */
export function zodUnion(definition: ZodDefinition, place: Place, read: ReadMember): KindModel | undefined {
  for (const check of checksOf(definition)) refuseCheck(check, place);
  if (definition["inclusive"] === false && definition["discriminator"] === undefined) {
    place.refuse("`xor` cannot be generated; use `z.discriminatedUnion`", "xor");
  }
  const schemas = listOf(definition["options"]);
  const kinds = schemas.map((schema, index) => element(schema, place.option(index), read));
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length === kinds.length ? unionOf(known) : undefined;
}

function element(schema: unknown, place: Place, read: ReadMember): KindModel | undefined {
  return toElementKind(read(schema, place), place);
}

function isStrict(definition: ZodDefinition, place: Place): boolean {
  const catchall = isZodSchema(definition["catchall"]) ? definition["catchall"]._zod.def.type : undefined;
  if (catchall !== undefined && catchall !== "never") {
    const calls = ["looseObject", "loose", "passthrough", "catchall"];
    place.refuse("unknown members could not be checked; name them, or use `z.record`", ...calls);
  }
  return catchall === "never";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
