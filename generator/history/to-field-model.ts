import type { DefaultValue, FieldModel, KindModel, MemberModel } from "../model/model.js";
import { isField, isKind, listOf, valueIn } from "./kind-parts.js";
import type { NumberedField, NumberedKind } from "./model-file.js";

/** A field of the model file as the model had it, without what is for people only. */
export function toFieldModel({ name, stored, kind, default: initial }: NumberedField): FieldModel {
  return {
    name,
    ...(stored !== undefined && { stored }),
    kind: toKindModel(kind),
    ...(initial !== undefined && { default: fromJson(initial) as DefaultValue }),
  };
}

function toMember({ name, stored, kind, optional, default: initial }: NumberedField): MemberModel {
  return {
    name,
    ...(stored !== undefined && { stored }),
    kind: toKindModel(kind),
    ...(optional === true && { optional }),
    ...(initial !== undefined && { default: fromJson(initial) as DefaultValue }),
  };
}

/** The model file holds what the model was, so that the rules of a kind are those of its type. */
function toKindModel(kind: NumberedKind): KindModel {
  return { ...rulesOf(kind), ...partsOf(kind) } as KindModel;
}

function rulesOf(kind: NumberedKind): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(kind).map(([name, rule]) => [name, fromJson(rule)]));
}

function partsOf(kind: NumberedKind): Readonly<Record<string, unknown>> {
  switch (kind.type) {
    case "literal":
      return { values: listOf(kind["values"]).map((entry) => fromJson(valueIn(entry))) };
    case "array":
      return { items: partOf(kind["items"]) };
    case "tuple":
      return {
        items: listOf(kind["items"]).map(partOf),
        ...(isKind(kind["rest"]) && { rest: toKindModel(kind["rest"]) }),
      };
    case "object":
      return { members: listOf(kind["members"]).filter(isField).map(toMember) };
    case "record":
      return { keys: partOf(kind["keys"]), values: partOf(kind["values"]) };
    case "union":
      return { members: listOf(kind["members"]).map(partOf) };
    case "nullable":
      return { inner: partOf(kind["inner"]) };
    default:
      return {};
  }
}

function partOf(part: unknown): KindModel {
  if (isKind(part)) return toKindModel(part);
  throw new Error("The model file has a kind without its parts.");
}

/** Plain data of what is marked in JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const [[mark, text] = ["", ""]] = entries;
  if (entries.length === 1 && mark === "$bigint") return BigInt(String(text));
  if (entries.length === 1 && mark === "$bytes") return new Uint8Array(Buffer.from(String(text), "base64"));
  if (entries.length === 1 && mark === "$number") return Number(text);
  return Object.fromEntries(entries.map(([name, member]) => [name, fromJson(member)]));
}
