import type { Compares, SealWord, StoreWord } from "./backends.js";
import { type BackendWord, definitionBrand, type SessionDefinition, type Text } from "./definition.js";
import type { Duration } from "./duration.js";
import type { FieldName, FieldTypes, IndexableFields, MergeStrategies, SessionShape } from "./field-types.js";

/**
 * Declares one kind of session; the default export of a schema file.
 * Nothing is checked or opened here: the generator reports what is wrong, all at once and with positions.
 */
export function defineSession<
  const Shape extends SessionShape,
  const Backend extends StoreWord | SealWord = BackendWord<"memory">,
>(options: SessionOptions<Shape, Backend>): SessionDefinition {
  return Object.freeze({ [definitionBrand]: true as const, options: Object.freeze({ ...options }) });
}

/** The options of `defineSession`; those that name fields accept only fields of `shape`. */
export interface SessionOptions<
  Shape extends SessionShape,
  Backend extends StoreWord | SealWord = BackendWord<"memory">,
> {
  /** The fields; each optional or with a default, since a new session starts empty. */
  readonly shape: Shape;
  /** The kind, `"session"` unless given: names the class, the cookie, the table. */
  readonly name?: string;
  /** Fields that sessions are found, counted and revoked by. */
  readonly indexes?: Backend extends SealWord
    ? "sealed sessions cannot be looked up: leave indexes out"
    : readonly (keyof IndexableFields<Shape> & string)[];
  /**
   * How two requests that changed the same field at once are settled; `"replace"` unless given. Not where the backend
   * cannot compare and swap: under a seal, and with `cache()`.
   */
  readonly merge?: false extends Compares<Backend>
    ? "this backend cannot compare and swap: leave merge out"
    : MergeStrategies<Shape>;
  /** Fields that are never printed, logged or inspected. */
  readonly redact?: readonly (keyof FieldTypes<Shape> & string)[];
  readonly backend?: Backend;
  readonly codec?: "json" | "msgpack" | "cbor" | "bincode" | "protobuf";
  readonly compression?: CompressionOptions;
  /** At rest, under any backend. */
  readonly encryption?: { readonly keys: Text | readonly Text[] };
  readonly expiry?: ExpiryOptions;
  readonly rotation?: RotationOptions<Shape> | false;
  readonly cookie?: CookieOptions;
  /** Keeps the sessions of tenants apart: `sessions.forTenant(id)`. */
  readonly tenancy?: TenancyOptions;
  readonly analytics?: { readonly prometheus?: boolean; readonly log?: boolean };
  /** Bounds every backend call; `"2s"` unless given. */
  readonly deadline?: Duration;
  /** What becomes of a record of this version that does not validate; `"reset"` unless given. */
  readonly onInvalid?: "reset" | "drop-field" | "throw";
  /** New names of fields, with the old ones. */
  readonly renamed?: { readonly [Field in FieldName<Shape>]?: string };
  /** A file whose default export is `defineUpgrades({ … })`. */
  readonly upgrade?: string;
  /** Web frameworks to emit typings for. */
  readonly adapters?: readonly AdapterName[];
  /** The folder for generated code, relative to the schema file; `"./generated"` unless given. */
  readonly output?: string;
  /** The folder for migrations, relative to the schema file; `"./migrations"` unless given. */
  readonly migrations?: string;
  /** How generated files import each other; by the project's tsconfig unless given. */
  readonly importExtension?: "js" | "ts" | "none";
}

/** A web framework whose typings are generated. */
export type AdapterName =
  | "express"
  | "fastify"
  | "hono"
  | "koa"
  | "node"
  | "fetch"
  | "next"
  | "nest"
  | "express-store";

/** How records are made smaller. */
export interface CompressionOptions {
  readonly algorithm: "brotli" | "gzip" | "zstd";
  /** Bytes below which nothing is compressed; 512 unless given. */
  readonly threshold?: number;
  readonly level?: number;
}

/** How long sessions live. */
export interface ExpiryOptions {
  /** A session ends this long after its last use; `"1h"` unless given. */
  readonly idle?: Duration;
  /** A session ends this long after it began, whatever happens; `"14d"` unless given. */
  readonly absolute?: Duration;
  /** Reading moves the expiry only after this long; a twelfth of `idle` unless given. */
  readonly touchAfter?: Duration;
}

/** When a session takes another key. */
export interface RotationOptions<Shape extends SessionShape> {
  /** The key changes in the save that changes one of these fields; the indexed ones unless given. */
  readonly onChange?: readonly (keyof FieldTypes<Shape> & string)[];
  /** The key changes this often, with a short grace; `"1h"` unless given. */
  readonly every?: Duration | false;
}

/** How the cookie is sent. */
export interface CookieOptions {
  /** `"__Host-session"`, by the kind's name, where it is secure, for every path and this host only, else `"session"`; unless given. */
  readonly name?: Text;
  /** Whether it is sent over HTTPS only; it is, unless `false` is given. */
  readonly secure?: boolean;
  /** Whether scripts cannot read it; they cannot, unless `false` is given. */
  readonly httpOnly?: boolean;
  /** Whether requests from other sites bring it; `"lax"` unless given: when somebody follows a link. */
  readonly sameSite?: "strict" | "lax" | "none";
  /** `"/"` unless given. */
  readonly path?: Text;
  /** A host name whose subdomains get it too; this host only unless given. */
  readonly domain?: Text;
  /** The longest that a browser is to keep it; what is left of the idle time unless given. */
  readonly maxAge?: Duration;
  /** Whether each site that embeds this one has a cookie of its own; not unless `true` is given. */
  readonly partitioned?: boolean;
  /** What Chromium keeps longest when it has too many; not said unless given. */
  readonly priority?: "low" | "medium" | "high";
  /** Spreads what one cookie cannot hold over several. */
  readonly chunks?: boolean;
}

/** How tenants are kept apart. */
export interface TenancyOptions {
  /** What sessions are stored under; must hold `{tenantId}` once; `"tenant:{tenantId}:session:"` unless given. */
  readonly prefix?: string;
  /** How many sessions a tenant may have; as many as come unless given. Not where nobody can count them: `cache()`, `custom()`, a seal. */
  readonly maxSessions?: number;
  /** What becomes of one more: it is refused, unless `"oldest"` is given; then the oldest session ends. */
  readonly onLimit?: "refuse" | "oldest";
  /** Whether a call without a tenant is refused; it is, unless `false` is given. */
  readonly strict?: boolean;
}
