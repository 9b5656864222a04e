import type { MemberDraft } from "./member-draft.js";
import type { KindModel } from "./model.js";
import type { Place } from "./place.js";
import { typeBoxRefusals } from "./refusals.js";
import {
  typeBoxArray,
  typeBoxObject,
  typeBoxRecord,
  typeBoxTuple,
  typeBoxUnion,
} from "./typebox-compounds.js";
import {
  typeBoxBigint,
  typeBoxBytes,
  typeBoxDate,
  typeBoxLiteral,
  typeBoxNumber,
} from "./typebox-scalars.js";
import { hasOnly, isOptional, isTypeBoxSchema, kindOf, type TypeBoxSchema } from "./typebox-schema.js";
import { typeBoxString } from "./typebox-string.js";

/** A member of an object, of TypeBox 1.x or 0.34, with its modifiers and default. */
export function typeBoxMember(schema: unknown, outer: Place): MemberDraft {
  if (!isTypeBoxSchema(schema)) {
    outer.refuse("it is not a TypeBox schema");
    return { kind: undefined, optional: true };
  }
  const place = outer.within(schema);
  if (place === undefined) {
    outer.refuse("it holds itself, and its depth would have no limit; write the levels out");
    return { kind: undefined, optional: true };
  }
  const { default: value, description } = schema;
  return {
    kind: readKind(schema, place),
    optional: isOptional(schema),
    ...(value === undefined ? {} : { default: { value } }),
    ...(typeof description === "string" ? { description } : {}),
  };
}

function readKind(schema: TypeBoxSchema, place: Place): KindModel | undefined {
  const kind = kindOf(schema);
  switch (kind) {
    case "String":
    case "TemplateLiteral":
    case "RegExp":
      return typeBoxString(schema, place);
    case "Number":
    case "Integer":
      return typeBoxNumber(
        schema,
        kind === "Integer" || schema["type"] === "integer" ? "integer" : "number",
        place,
      );
    case "BigInt":
      return typeBoxBigint(schema, place);
    case "Date":
      return typeBoxDate(schema, place);
    case "Uint8Array":
      return typeBoxBytes(schema, place);
    case "Boolean":
    case "Null":
      return hasOnly(schema, place) ? { type: kind === "Null" ? "null" : "boolean" } : undefined;
    case "Literal":
    case "Enum":
      return typeBoxLiteral(schema, place);
    default:
      return readCompound(kind, schema, place);
  }
}

function readCompound(kind: string, schema: TypeBoxSchema, place: Place): KindModel | undefined {
  switch (kind) {
    case "Object":
      return typeBoxObject(schema, place, typeBoxMember);
    case "Array":
      return typeBoxArray(schema, place, typeBoxMember);
    case "Tuple":
      return typeBoxTuple(schema, place, typeBoxMember);
    case "Record":
      return typeBoxRecord(schema, place, typeBoxMember);
    case "Union":
      return typeBoxUnion(schema, place, typeBoxMember);
    default: {
      const refusal = typeBoxRefusals[kind] ?? { reason: "is not generated", calls: [kind] };
      place.refuseCall(refusal.reason, ...refusal.calls);
      return undefined;
    }
  }
}
