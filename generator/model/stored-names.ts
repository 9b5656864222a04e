import type { FieldModel, KindModel, MemberModel, Model } from "./model.js";

/** The name that a field or member is stored under. */
export function storedName({ name, stored }: FieldModel | MemberModel): string {
  return stored ?? name;
}

/** The model with everything called as it is stored: what codecs and programs in other languages see of it. */
export function storedModel(model: Model): Model {
  return { ...model, fields: model.fields.map((field) => storedField(field)) };
}

function storedField<T extends FieldModel | MemberModel>({ stored, ...field }: T): Omit<T, "stored"> {
  return { ...field, name: stored ?? field.name, kind: storedKind(field.kind) };
}

/** Below a union values are stored as they are, so that nothing there has another name. */
function storedKind(kind: KindModel): KindModel {
  switch (kind.type) {
    case "array":
      return { ...kind, items: storedKind(kind.items) };
    case "tuple":
      return {
        ...kind,
        items: kind.items.map(storedKind),
        ...(kind.rest !== undefined && { rest: storedKind(kind.rest) }),
      };
    case "object":
      return { ...kind, members: kind.members.map((member) => storedField(member)) };
    case "record":
      return { ...kind, values: storedKind(kind.values) };
    case "nullable":
      return { ...kind, inner: storedKind(kind.inner) };
    default:
      return kind;
  }
}
