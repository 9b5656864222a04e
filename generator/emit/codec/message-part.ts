import { type KnownNumbers, scopes } from "../../history/numbers.js";
import type { DefaultValue, FieldModel, KindModel, MemberModel } from "../../model/model.js";

/** One field of a message: of the session, of an object, or of a tuple. */
export interface MessagePart {
  readonly name: string;
  readonly number: number;
  readonly doc?: string;
  /** What it is when it is not null. */
  readonly kind: KindModel;
  readonly isNullable: boolean;
  /** Must be there in the store. */
  readonly isRequired: boolean;
  readonly default?: DefaultValue;
  /** Under which the numbers inside it are found. */
  readonly path: string;
  /** What generated names are made of. */
  readonly words: readonly string[];
}

/** A message that code is generated for. */
export interface Message {
  readonly words: readonly string[];
  readonly path: string;
  /** By number. */
  readonly parts: readonly MessagePart[];
  readonly isStrict: boolean;
}

/** The session itself. */
export function sessionMessage(fields: readonly FieldModel[], numbers: KnownNumbers): Message {
  const parts = memberParts(fields, { path: "", words: [] }, numbers);
  return { words: ["session"], path: "", parts, isStrict: false };
}

/** The message of an object or a tuple. */
export function messageOf(
  kind: Extract<KindModel, { type: "object" | "tuple" }>,
  place: Pick<Message, "path" | "words">,
  numbers: KnownNumbers,
): Message {
  const isObject = kind.type === "object";
  return {
    ...place,
    parts: isObject ? memberParts(kind.members, place, numbers) : tupleParts(kind, place),
    isStrict: isObject && kind.strict === true,
  };
}

/** The kind without null. */
export function innerKind(kind: KindModel): KindModel {
  return kind.type === "nullable" ? kind.inner : kind;
}

function memberParts(
  members: readonly (FieldModel | MemberModel)[],
  { path, words }: Pick<Message, "path" | "words">,
  numbers: KnownNumbers,
): readonly MessagePart[] {
  const known = numbers.of(path);
  const parts = members.map((member): MessagePart => {
    const number = known.get(member.name);
    if (number === undefined) throw new Error(`The field ${member.name} has no number.`);
    const isField = path === "";
    const isOptional = isField || ("optional" in member && member.optional === true);
    return {
      name: member.name,
      number,
      ...(member.doc !== undefined && { doc: member.doc }),
      kind: innerKind(member.kind),
      isNullable: member.kind.type === "nullable",
      isRequired: !isOptional && member.default === undefined,
      ...(member.default !== undefined && { default: member.default }),
      path: scopes.member(path, number),
      words: [...words, member.name],
    };
  });
  return parts.sort((left, right) => left.number - right.number);
}

/** Elements have their place for a number; what follows them is one list. */
function tupleParts(
  { items, rest }: Extract<KindModel, { type: "tuple" }>,
  { path, words }: Pick<Message, "path" | "words">,
): readonly MessagePart[] {
  const parts = items.map(
    (item, index): MessagePart => ({
      name: String(index),
      number: index + 1,
      kind: innerKind(item),
      isNullable: item.type === "nullable",
      isRequired: true,
      path: scopes.item(path, index),
      words: [...words, String(index + 1)],
    }),
  );
  if (rest === undefined) return parts;
  const kind: KindModel = { type: "array", items: rest };
  const last = { name: "rest", number: items.length + 1, kind, isNullable: false, isRequired: false };
  return [...parts, { ...last, path, words: [...words, "rest"] }];
}
