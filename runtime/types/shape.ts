/**
 * The fields of a session as data, in the form the runtime walks: generated from the schema.
 * Constraints are not here; the generated validators hold them.
 */
export type Shape = Readonly<Record<string, FieldShape>>;

/** One field of a session, or one member of an object in it. `default` is a wire value. */
export interface FieldShape {
  readonly kind: Kind;
  readonly default?: WireValue;
  /** The name it is stored under for as long as it lives; its own when left out. */
  readonly stored?: string;
}

/**
 * How a value converts between the app and the wire. A scalar is named by what it is (an enum or a literal
 * by the type of its values); a `union` is stored in a self-describing form, see `wire.ts`.
 */
export type Kind =
  | ScalarKind
  | ArrayKind
  | { readonly tuple: readonly Kind[]; readonly rest?: Kind }
  | { readonly object: Shape; readonly strict?: true }
  | { readonly record: Kind }
  | { readonly nullable: Kind }
  | { readonly union: readonly Kind[] };

/** A list. */
export interface ArrayKind {
  readonly array: Kind;
  /** All that its elements may be besides null: those that only another version has are hidden, and put back. */
  readonly values?: readonly (string | number | boolean)[];
}

/** What has no parts. */
export type ScalarKind = "string" | "number" | "integer" | "boolean" | "null" | "bigint" | "date" | "bytes";

/**
 * The wire form of a value, the same for every codec: JSON values, `bigint` and `Uint8Array`;
 * a date is its epoch milliseconds.
 */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | bigint
  | Uint8Array
  | readonly WireValue[]
  | WireObject;

/** An object in wire form: of a shape, or of a record. */
export interface WireObject {
  readonly [member: string]: WireValue;
}

/** The stored fields by stored name: those assigned, and those of other versions that this one does not know. */
export type WireFields = Readonly<Record<string, WireValue>>;
