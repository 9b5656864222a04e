/** What is known of a field of a message besides its value. */
export interface MessageField {
  readonly name: string;
  /** Must be there in the store. */
  readonly isRequired?: true;
  /** Must be there in the app's form. */
  readonly hasDefault?: true;
  readonly isNullable?: true;
  /** What an empty one is. */
  readonly holds?: "list" | "record";
  /** May not be empty. */
  readonly isFilled?: true;
}

/** The fields of one message, made ready once. */
export interface MessageFields {
  readonly byNumber: readonly (MessageField | undefined)[];
  readonly names: ReadonlySet<string>;
  /** The same, by number. */
  readonly order: readonly string[];
  readonly required: readonly string[];
  /** Whether other members are refused in the app's form. */
  readonly isStrict: boolean;
  /** Makes an object without members, as `{}`, in which there is room for those that messages of this type have. */
  readonly create: () => Members;
}

/** The fields of a message by number. */
export function messageFields(
  fields: Readonly<Record<number, MessageField>>,
  { isStrict = false }: { readonly isStrict?: boolean } = {},
): MessageFields {
  const all = Object.values(fields);
  return {
    byNumber: Array.from(
      { length: Math.max(0, ...Object.keys(fields).map(Number)) + 1 },
      (_, number) => fields[number],
    ),
    names: new Set(all.map(({ name }) => name)),
    order: all.map(({ name }) => name),
    required: all.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    isStrict,
    create: createMaker(),
  };
}

/**
 * V8 learns from the first objects of a constructor how many members they get, and lays out all later ones for these. What is
 * made by `{}` has room for four; further ones are kept elsewhere, and moved each time that there are more.
 */
function createMaker(): () => Members {
  function Blank(): void {}
  Blank.prototype = Object.prototype;
  const Maker = Blank as unknown as new () => Members;
  return () => new Maker();
}

/** Beside a message's own fields, with the highest numbers there are; see docs/formats.md. */
export const companions: Readonly<Record<"others" | "nullFields" | "emptyFields" | "nullItems", number>> = {
  /** `map<string, AnyValue>`: members under their names, that have no number here or do not fit the field's type. */
  others: 536870911,
  /** `repeated int32`: the numbers of the fields that are null. */
  nullFields: 536870910,
  /** `repeated int32`: the numbers of the lists and maps that are there and empty. */
  emptyFields: 536870909,
  /** `repeated NullItems`: where lists and maps hold null. */
  nullItems: 536870908,
};

/** The tag of a field of bytes: its number and the wire type 2. */
export function lengthTag(number: number): number {
  return number * 8 + 2;
}

/**
 * The member of an object in wire form that holds fields of other versions, known only by number: their bytes as
 * base64, so that they outlive a change of the codec. No field of a session can have this name.
 */
export const keptName = "\u0000protobuf";

/** Members as they are read or written. */
export type Members = Record<string, unknown>;

/** Adds an own member, whatever its name. */
export function setMember(members: Members, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else members[name] = value;
}

/** The value of an own member. */
export function memberOf(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
