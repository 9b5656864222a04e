import type { FieldModel, KindModel, MemberModel, Model } from "./model.js";

/** The name that a field or member is stored under. */
export function storedName({ name, stored }: Pick<FieldModel, "name" | "stored">): string {
  return stored ?? name;
}

/** The model with the stored names of its fields and their members, as the last version of the history gives them. */
export function withStoredNames(model: Model, known: readonly FieldModel[]): Model {
  return { ...model, fields: named(model.fields, known) };
}

/**
 * The fields, and their members, as they are called where they are stored: in the eyes of codecs and of programs in other
 * languages. The same ones where nothing is called otherwise.
 */
export function storedFields(fields: readonly FieldModel[]): readonly FieldModel[] {
  return hasStoredNames(fields) ? fields.map(asStored) : fields;
}

function hasStoredNames(members: readonly (FieldModel | MemberModel)[]): boolean {
  return members.some(({ stored, kind }) => stored !== undefined || hasStoredNamesIn(kind));
}

function hasStoredNamesIn(kind: KindModel): boolean {
  return kind.type === "object" ? hasStoredNames(kind.members) : kindsIn(kind).some(hasStoredNamesIn);
}

/** What a kind is made of, where it may have stored names. */
function kindsIn(kind: KindModel): readonly KindModel[] {
  switch (kind.type) {
    case "array":
      return [kind.items];
    case "tuple":
      return [...kind.items, ...(kind.rest === undefined ? [] : [kind.rest])];
    case "record":
      return [kind.values];
    case "nullable":
      return [kind.inner];
    default:
      return [];
  }
}

function named<Member extends FieldModel | MemberModel>(
  members: readonly Member[],
  known: readonly (FieldModel | MemberModel)[],
): readonly Member[] {
  const byName = new Map(known.map((member) => [member.name, member]));
  return members.map((member) => {
    const same = byName.get(member.name);
    if (same === undefined) return member;
    const kind = namedKind(member.kind, same.kind);
    return { ...member, kind, ...(same.stored !== undefined && { stored: same.stored }) };
  });
}

/** Below a union values are stored as they are, so that nothing there has another name. */
function namedKind(kind: KindModel, known: KindModel): KindModel {
  if (kind.type === "array" && known.type === "array")
    return { ...kind, items: namedKind(kind.items, known.items) };
  if (kind.type === "object" && known.type === "object")
    return { ...kind, members: named(kind.members, known.members) };
  if (kind.type === "record" && known.type === "record")
    return { ...kind, values: namedKind(kind.values, known.values) };
  if (kind.type === "nullable" && known.type === "nullable")
    return { ...kind, inner: namedKind(kind.inner, known.inner) };
  if (kind.type !== "tuple" || known.type !== "tuple") return kind;
  const rest = kind.rest && known.rest && namedKind(kind.rest, known.rest);
  const items = kind.items.map((item, index) => namedKind(item, known.items[index] ?? item));
  return { ...kind, items, ...(rest !== undefined && { rest }) };
}

function asStored<Member extends FieldModel | MemberModel>({ stored, ...member }: Member): Member {
  return { ...member, name: stored ?? member.name, kind: asStoredKind(member.kind) } as Member;
}

function asStoredKind(kind: KindModel): KindModel {
  switch (kind.type) {
    case "array":
      return { ...kind, items: asStoredKind(kind.items) };
    case "tuple":
      return {
        ...kind,
        items: kind.items.map(asStoredKind),
        ...(kind.rest !== undefined && { rest: asStoredKind(kind.rest) }),
      };
    case "object":
      return { ...kind, members: kind.members.map(asStored) };
    case "record":
      return { ...kind, values: asStoredKind(kind.values) };
    case "nullable":
      return { ...kind, inner: asStoredKind(kind.inner) };
    default:
      return kind;
  }
}
