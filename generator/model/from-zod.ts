import { nullableOf } from "./kinds.js";
import { type MemberDraft, refuseDefaultFunction } from "./member-draft.js";
import type { KindModel } from "./model.js";
import type { Place } from "./place.js";
import { zodRefusals } from "./refusals.js";
import { zodBytes } from "./zod-bytes.js";
import { zodArray, zodObject, zodRecord, zodTuple, zodUnion } from "./zod-compounds.js";
import { areFine, zodBigint, zodDate, zodLiteral, zodNumber } from "./zod-scalars.js";
import {
  checksOf,
  isRecord,
  isZod3Schema,
  isZodSchema,
  refuseCheck,
  type ZodDefinition,
  type ZodSchema,
  zod3Refusal,
} from "./zod-schema.js";
import { zodString, zodTemplate } from "./zod-string.js";

/** A member of an object, read through its wrappers: optional, default, nullable, readonly. */
export function zodMember(schema: unknown, outer: Place): MemberDraft {
  const place = isRecord(schema) ? outer.within(schema) : outer;
  if (place === undefined) {
    outer.refuse("it holds itself, and its depth would have no limit; write the levels out");
    return { kind: undefined, optional: true };
  }
  if (!isZodSchema(schema)) {
    place.refuse(isZod3Schema(schema) ? zod3Refusal : "it is not a zod 4 schema");
    return { kind: undefined, optional: true };
  }
  const draft = readWrapper(schema._zod.def, place) ?? { kind: readKind(schema, place), optional: false };
  return typeof schema.description === "string" ? { ...draft, description: schema.description } : draft;
}

function readWrapper(definition: ZodDefinition, place: Place): MemberDraft | undefined {
  if (!wrappers.has(definition.type)) return undefined;
  for (const check of checksOf(definition)) refuseCheck(check, place);
  const inner = zodMember(definition["innerType"], place);
  switch (definition.type) {
    case "optional":
      return { ...inner, optional: true };
    case "nonoptional":
      return { ...inner, optional: false };
    case "nullable":
      return inner.kind ? { ...inner, kind: nullableOf(inner.kind) } : inner;
    case "default": {
      const value = definition["defaultValue"];
      if (isSameTwice(value, definition["defaultValue"])) return { ...inner, default: { value } };
      refuseDefaultFunction(place);
      return { ...inner, kind: undefined, default: { value } };
    }
    default:
      return inner;
  }
}

const wrappers: ReadonlySet<string> = new Set(["optional", "nonoptional", "nullable", "default", "readonly"]);

/** zod copies a default at each reading but not what is in it; a default function makes everything anew. */
function isSameTwice(first: unknown, second: unknown): boolean {
  if (Object.is(first, second)) return true;
  if (!isRecord(first) || !isRecord(second)) return false;
  const names = Object.keys(first);
  return (
    names.length === Object.keys(second).length && names.every((name) => Object.is(first[name], second[name]))
  );
}

function readKind(schema: ZodSchema, place: Place): KindModel | undefined {
  const definition = schema._zod.def;
  if (definition["coerce"] === true) {
    place.refuse(
      "`coerce` changes the value while it is checked; convert it in the app",
      "coerce",
      definition.type,
    );
  }
  switch (definition.type) {
    case "string":
      return zodString(definition, place);
    case "template_literal":
      return zodTemplate(schema._zod.pattern, place);
    case "number":
      return zodNumber(definition, place);
    case "bigint":
      return zodBigint(definition, place);
    case "date":
      return zodDate(definition, place);
    case "literal":
    case "enum":
      return zodLiteral(definition, place);
    case "boolean":
    case "null":
      return areFine(checksOf(definition), {}, [], place) ? { type: definition.type } : undefined;
    case "custom":
      return zodBytes(definition, place);
    default:
      return readCompound(definition, place);
  }
}

function readCompound(definition: ZodDefinition, place: Place): KindModel | undefined {
  switch (definition.type) {
    case "object":
      return zodObject(definition, place, zodMember);
    case "array":
      return zodArray(definition, place, zodMember);
    case "tuple":
      return zodTuple(definition, place, zodMember);
    case "record":
      return zodRecord(definition, place, zodMember);
    case "union":
      return zodUnion(definition, place, zodMember);
    default: {
      const refusal = zodRefusals[definition.type] ?? {
        reason: "is not generated",
        calls: [definition.type],
      };
      place.refuseCall(refusal.reason, ...refusal.calls);
      return undefined;
    }
  }
}
