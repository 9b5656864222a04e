import type { BackendModel } from "./backend-model.js";

/** A schema file as plain frozen data. Nothing of zod, TypeBox or ts-morph passes it. Equal shapes give equal models. */
export interface Model {
  /** The kind's name, `session` unless the schema says otherwise. */
  readonly name: string;
  /** In source order. */
  readonly fields: readonly FieldModel[];
  readonly settings: Settings;
}

/** One field of the session. */
export interface FieldModel {
  readonly name: string;
  /** The name it is stored under, where that is another one; given by the history. */
  readonly stored?: string;
  /** The doc comment's text, without its stars. */
  readonly doc?: string;
  readonly kind: KindModel;
  /** Present when the field has a default: its value in wire form (dates as epoch milliseconds). */
  readonly default?: DefaultValue;
}

/** A default in wire form: JSON values, bigint and bytes. */
export type DefaultValue =
  | string
  | number
  | boolean
  | null
  | bigint
  | Uint8Array
  | readonly DefaultValue[]
  | { readonly [member: string]: DefaultValue };

/** The kind of a value with its constraints. An enum is a `literal` with several values. */
export type KindModel =
  | StringKind
  | NumberKind
  | { readonly type: "boolean" }
  | { readonly type: "null" }
  | BigintKind
  | DateKind
  | BytesKind
  | LiteralKind
  | ArrayKind
  | TupleKind
  | ObjectKind
  | RecordKind
  | UnionKind
  | { readonly type: "nullable"; readonly inner: KindModel };

/** A text. */
export interface StringKind {
  readonly type: "string";
  /** Lengths count code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Regular expression sources, all of which must match; always compiled with the flags given, `u` at least when possible. */
  readonly patterns?: readonly { readonly source: string; readonly flags: string }[];
  /** For JSON Schema and for people; what is checked is in `patterns`. */
  readonly format?: string;
}

/** A finite number, or a safe integer. */
export interface NumberKind {
  readonly type: "number" | "integer";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** A bigint of any size within its limits. */
export interface BigintKind {
  readonly type: "bigint";
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  readonly exclusiveMinimum?: bigint;
  readonly exclusiveMaximum?: bigint;
  readonly multipleOf?: bigint;
}

/** A point in time. */
export interface DateKind {
  readonly type: "date";
  /** Epoch milliseconds, inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Bytes; lengths count them. */
export interface BytesKind {
  readonly type: "bytes";
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** One of some values: a literal or an enum. */
export interface LiteralKind {
  readonly type: "literal";
  /** One value, or those of an enum in source order; all of one scalar type or mixed, without null (that is `nullable`). */
  readonly values: readonly (string | number | boolean)[];
}

/** A list of any length within its limits. */
export interface ArrayKind {
  readonly type: "array";
  readonly items: KindModel;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
}

/** A list whose first elements have kinds of their own. */
export interface TupleKind {
  readonly type: "tuple";
  readonly items: readonly KindModel[];
  readonly rest?: KindModel;
}

/** Members that have names of their own. */
export interface ObjectKind {
  readonly type: "object";
  readonly members: readonly MemberModel[];
  /** Unknown members are refused; otherwise they are dropped when the app assigns them, as zod and TypeBox's Clean do. */
  readonly strict?: true;
}

/** One member of an object. */
export interface MemberModel {
  readonly name: string;
  /** As for a field. */
  readonly stored?: string;
  readonly doc?: string;
  readonly kind: KindModel;
  readonly optional?: true;
  readonly default?: DefaultValue;
}

/** Any number of members by name. Named keys (an enum) are an `object` instead, in zod and in TypeBox alike. */
export interface RecordKind {
  readonly type: "record";
  readonly keys: StringKind;
  readonly values: KindModel;
}

/** At least two members; none is a union, `null` or nullable, and at most one is a literal. */
export interface UnionKind {
  readonly type: "union";
  readonly members: readonly KindModel[];
}

/** A string that stands in the schema or is read from the environment at first use. */
export type Text = string | { readonly env: string; readonly default?: string };

/** `"30s" | "5m" | "1h" | "14d"` or a number of seconds, as the person wrote it. */
export type DurationText = string | number;

/** Every option of `defineSession` but the shape: checked, and as written. The runtime knows the defaults of what is absent. */
export interface Settings {
  readonly indexes: readonly string[];
  readonly merge: Readonly<Record<string, MergeStrategy>>;
  readonly redact: readonly string[];
  readonly backend: BackendModel;
  readonly codec: CodecName;
  readonly compression?: CompressionModel;
  /** Of records where they are kept. */
  readonly encryption?: { readonly keys: Text | readonly Text[] };
  readonly expiry?: {
    readonly idle?: DurationText;
    readonly absolute?: DurationText;
    readonly touchAfter?: DurationText;
  };
  readonly rotation?:
    | { readonly onChange?: readonly string[]; readonly every?: DurationText | false }
    | false;
  readonly cookie?: CookieModel;
  readonly tenancy?: TenancyModel;
  readonly deadline?: DurationText;
  /** The new names of fields with those that they had before. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The file with the functions that bring old values into the present shape; relative to the schema file. */
  readonly upgrade?: string;
  readonly onInvalid?: "reset" | "drop-field" | "throw";
  /** Where what happens to the sessions is told; at least one. */
  readonly analytics?: readonly AnalyticsWord[];
  readonly adapters: readonly string[];
  /** Relative to the schema file; "./generated" unless given. */
  readonly output: string;
  /** Relative to the schema file; "./migrations" unless given. */
  readonly migrations: string;
  /** Absent: by the consumer's tsconfig. */
  readonly importExtension?: "js" | "ts" | "none";
}

/** The codecs that a schema can name. */
export const codecNames = ["json", "msgpack", "cbor", "bincode", "protobuf"] as const;

/** A codec that a schema can name. */
export type CodecName = (typeof codecNames)[number];

/** The words of `analytics`, in the order in which the sinks are told. */
export const analyticsWords = ["log", "prometheus"] as const;

/** A word of `analytics`. */
export type AnalyticsWord = (typeof analyticsWords)[number];

/** What becomes of a field that two requests changed at once. */
export type MergeStrategy = "replace" | "sum" | "union" | "append" | "reject";

/** The option `tenancy`, checked. */
export interface TenancyModel {
  /** Holds `{tenantId}` once. */
  readonly prefix?: string;
  readonly maxSessions?: number;
  readonly onLimit?: "refuse" | "oldest";
  readonly strict?: boolean;
}

/** The option `compression`, checked. */
export interface CompressionModel {
  readonly algorithm: "brotli" | "gzip" | "zstd";
  readonly threshold?: number;
  readonly level?: number;
}

/** The option `cookie`, checked. */
export interface CookieModel {
  readonly name?: Text;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: "strict" | "lax" | "none";
  readonly path?: Text;
  readonly domain?: Text;
  readonly maxAge?: DurationText;
  readonly partitioned?: boolean;
  readonly priority?: "low" | "medium" | "high";
  readonly chunks?: boolean;
}
