import type { SourceNode } from "../load/source-node.js";
import type { SchemaFault } from "../schema-error.js";
import { refuseFieldName } from "./field-names.js";
import { typeBoxMember } from "./from-typebox.js";
import { zodMember } from "./from-zod.js";
import type { ReadMember } from "./member-draft.js";
import type { FieldModel, ObjectKind } from "./model.js";
import { createPlace, type Place } from "./place.js";
import { typeBoxObject } from "./typebox-compounds.js";
import { isTypeBoxSchema, kindOf } from "./typebox-schema.js";
import { zodObject } from "./zod-compounds.js";
import { isRecord, isZod3Schema, isZodSchema, zod3Refusal } from "./zod-schema.js";

/** The fields of a shape, and the names of those that were refused as well. */
export interface ReadFields {
  readonly names: readonly string[];
  /** In source order, without those that were refused. */
  readonly fields: readonly FieldModel[];
}

/** Reads the fields of a shape. What is wrong is added to `faults`. `source` is the text of the shape. */
export function readFields(shape: unknown, source: SourceNode, faults: SchemaFault[]): ReadFields {
  const place = createPlace(source, faults);
  const object = readShape(shape, place);
  if (object === undefined) return { names: [], fields: [] };
  for (const name of object.names) {
    const refusal = refuseFieldName(name);
    if (refusal !== undefined) place.member(name).refuse(refusal);
  }
  return { names: object.names, fields: object.kind.members.map(({ optional, ...field }) => field) };
}

interface ReadShape {
  readonly kind: ObjectKind;
  readonly names: readonly string[];
}

function readShape(shape: unknown, place: Place): ReadShape | undefined {
  if (isZodSchema(shape) && shape._zod.def.type === "object") {
    const read = required(zodMember, "add `.optional()` or `.default(…)`");
    return { kind: zodObject(shape._zod.def, place, read), names: namesOf(shape._zod.def["shape"]) };
  }
  if (isTypeBoxSchema(shape) && kindOf(shape) === "Object") {
    const read = required(typeBoxMember, "write `Type.Optional(…)` or give it a `default`");
    return { kind: typeBoxObject(shape, place, read), names: namesOf(shape["properties"]) };
  }
  place.refuse(
    isZod3Schema(shape)
      ? zod3Refusal
      : "it must be an object: `z.object({ … })` of zod 4, or `Type.Object({ … })` of TypeBox",
  );
  return undefined;
}

/** Reads fields, which unlike members of nested objects must be there or have a default from the start. */
function required(read: ReadMember, advice: string): ReadMember {
  return (schema, place) => {
    const draft = read(schema, place);
    if (!draft.optional && draft.default === undefined) {
      place.refuse(`a new session starts empty, so a field must be optional or have a default; ${advice}`);
    }
    return draft;
  };
}

function namesOf(members: unknown): readonly string[] {
  return isRecord(members) ? Object.keys(members) : [];
}
