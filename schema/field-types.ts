/**
 * What `shape` may be: a zod 4 object, a TypeBox 1.x object or a TypeBox 0.34 object.
 * Described by structure, so that each of the packages stays optional.
 */
export type SessionShape = ZodObjectLike | TypeBoxObjectLike | TypeBox034ObjectLike;

/** The fields of a shape by name, with the types that the app holds. */
export type FieldTypes<Shape> = Shape extends { readonly _zod: { readonly output: infer Output } }
  ? Output
  : Shape extends { readonly static: infer Output; readonly params: unknown }
    ? Output
    : Shape extends { readonly "~kind": "Object"; readonly properties: infer Properties }
      ? { [Field in keyof Properties]: TypeBoxType<Properties[Field]> }
      : never;

/** The names of a shape's fields. */
export type FieldName<Shape> = keyof FieldTypes<Shape> & string;

/** The fields that can be looked up by value: text, numbers, booleans and dates. */
export type IndexableFields<Shape> = {
  [Field in FieldName<Shape> as Present<FieldTypes<Shape>[Field]> extends Indexable ? Field : never]: unknown;
};

/**
 * How two requests that changed the same field at once are settled, as far as its type allows. The words are not an alias,
 * since TypeScript's message would then name that instead of them.
 */
export type MergeStrategies<Shape> = {
  readonly [Field in FieldName<Shape>]?:
    | "replace"
    | "reject"
    | StrategiesOf<Exclude<FieldTypes<Shape>[Field], undefined>>[number];
};

interface ZodObjectLike {
  readonly _zod: { readonly output: object; readonly def: { readonly type: "object" } };
}

interface TypeBoxObjectLike {
  readonly "~kind": "Object";
  readonly properties: object;
}

interface TypeBox034ObjectLike {
  readonly static: unknown;
  readonly params: unknown[];
  readonly type: "object";
  readonly properties: object;
}

type Indexable = string | number | bigint | boolean | Date;

type Present<Type> = Exclude<Type, undefined | null>;

type StrategiesOf<Type> = [Type] extends [number] | [bigint]
  ? ["sum"]
  : [Type] extends [readonly unknown[]]
    ? number extends Type["length"]
      ? ["append" | "union"]
      : []
    : [];

/** What TypeBox 1.x calls `Static`, as far as the options of a schema ask for it. */
type TypeBoxType<Schema> = Schema extends { readonly "~unsafe": infer Type }
  ? Type
  : Schema extends { readonly "~kind": infer Kind }
    ? Kind extends keyof TypeBoxScalars
      ? TypeBoxScalars[Kind]
      : TypeBoxCompound<Schema>
    : unknown;

interface TypeBoxScalars {
  readonly String: string;
  readonly TemplateLiteral: string;
  readonly Number: number;
  readonly Integer: number;
  readonly Boolean: boolean;
  readonly BigInt: bigint;
  readonly Null: null;
}

type TypeBoxCompound<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: infer Values extends readonly unknown[] }
    ? Values[number]
    : Schema extends { readonly "~kind": "Tuple"; readonly items: infer Items extends readonly unknown[] }
      ? { [Index in keyof Items]: TypeBoxType<Items[Index]> }
      : Schema extends { readonly "~kind": "Array"; readonly items: infer Items }
        ? TypeBoxType<Items>[]
        : Schema extends { readonly anyOf: infer Members extends readonly unknown[] }
          ? TypeBoxType<Members[number]>
          : Record<string, unknown>;
