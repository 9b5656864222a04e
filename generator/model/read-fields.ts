import type { SourceNode } from "../load/source-node.js";
import type { SchemaFault } from "../schema-error.js";
import { refuseFieldName } from "./field-names.js";
import { typeBoxMember } from "./from-typebox.js";
import { zodMember } from "./from-zod.js";
import type { MemberDraft } from "./member-draft.js";
import type { FieldModel, MemberModel } from "./model.js";
import { createPlace, type Place } from "./place.js";
import { isTypeBoxSchema } from "./typebox-schema.js";
import { isRecord, isZod3Schema, isZodSchema } from "./zod-schema.js";

/** The fields of a shape, and the names of those that were refused as well. */
export interface ReadFields {
  readonly names: readonly string[];
  /** In source order, without those that were refused. */
  readonly fields: readonly FieldModel[];
}

/** Reads the fields of a shape. What is wrong is added to `faults`. `source` is the text of the shape. */
export function readFields(shape: unknown, source: SourceNode, faults: SchemaFault[]): ReadFields {
  const place = createPlace(source, faults);
  const draft = readShape(shape, place);
  const { kind } = draft ?? {};
  if (kind?.type !== "object" || draft?.optional || draft?.default) {
    if (kind) place.refuse(notAnObject);
    return { names: [], fields: [] };
  }
  const advice = isZodSchema(shape)
    ? "add `.optional()` or `.default(…)`"
    : "write `Type.Optional(…)` or give it a `default`";
  const fields = kind.members.map((member) => toField(member, advice, place.member(member.name)));
  return { names: namesOf(shape), fields };
}

function namesOf(shape: unknown): readonly string[] {
  const members = isZodSchema(shape)
    ? shape._zod.def["shape"]
    : isRecord(shape)
      ? shape["properties"]
      : undefined;
  return isRecord(members) ? Object.keys(members) : [];
}

const notAnObject = "it must be an object: `z.object({ … })` of zod 4, or `Type.Object({ … })` of TypeBox";

function readShape(shape: unknown, place: Place): MemberDraft | undefined {
  if (isZodSchema(shape)) return zodMember(shape, place);
  if (isTypeBoxSchema(shape)) return typeBoxMember(shape, place);
  place.refuse(isZod3Schema(shape) ? "zod 3 is not read; install zod 4 (`npm install zod@4`)" : notAnObject);
  return undefined;
}

function toField(member: MemberModel, advice: string, place: Place): FieldModel {
  const { optional, ...field } = member;
  const refusal = refuseFieldName(member.name);
  if (refusal !== undefined) place.refuse(refusal);
  if (!optional && member.default === undefined) {
    place.refuse(`a new session starts empty, so a field must be optional or have a default; ${advice}`);
  }
  return field;
}
