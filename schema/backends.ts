import type { BackendWord, Text } from "./definition.js";

/** Sessions in the memory of this process, gone at restart. The oldest go when `maxSessions` is reached. */
export function memory(options: MemoryOptions = {}): BackendWord<"memory"> {
  return word("memory", options);
}

/** Any Keyv or unstorage instance, given to `createSessions` at start. */
export function cache(): BackendWord<"cache"> {
  return word("cache", {});
}

/** Redis through ioredis: one server, Sentinel or Cluster. */
export function redis(options: RedisOptions): BackendWord<"redis"> {
  return word("redis", options);
}

/** A table of a SQL database, through Kysely. For SQLite, `url` is a file path or `:memory:`. */
export function database(options: DatabaseOptions): BackendWord<"database"> {
  return word("database", options);
}

/** One file a session, in a folder. */
export function file(options: FileOptions): BackendWord<"file"> {
  return word("file", options);
}

/** The session itself, sealed, in the client's cookie. */
export function cookie(options: CookieBackendOptions): BackendWord<"cookie"> {
  return word("cookie", options);
}

/** The session itself in a signed or encrypted token. */
export function jwt(options: JwtOptions): BackendWord<"jwt"> {
  return word("jwt", options);
}

/** `cache` in front of `store`. */
export function cached(options: CachedOptions): BackendWord<"cached"> {
  return word("cached", options);
}

/** Two stores that hold the same sessions. */
export function replicated(options: ReplicatedOptions): BackendWord<"replicated"> {
  return word("replicated", options);
}

/** Your own backend, given to `createSessions` at start; says which abilities it has. */
export function custom(options: CustomOptions = {}): BackendWord<"custom"> {
  return word("custom", options);
}

export interface MemoryOptions {
  readonly maxSessions?: number;
}

export interface RedisOptions {
  readonly url?: Text;
  readonly sentinels?: { readonly hosts: readonly Text[]; readonly name: string };
  readonly cluster?: readonly Text[];
  readonly prefix?: string;
}

export interface DatabaseOptions {
  readonly dialect: "sqlite" | "postgres" | "mysql";
  readonly url: Text;
  readonly schema?: string;
  readonly table?: string;
}

export interface FileOptions {
  readonly directory: Text;
}

export interface CookieBackendOptions {
  /** One key or several: the first seals, all open. */
  readonly keys: Text | readonly Text[];
  readonly revocation?: StoreWord;
}

export interface JwtOptions {
  readonly algorithm: string;
  readonly keys: Text | readonly Text[];
  readonly issuer?: Text;
  readonly audience?: Text;
  readonly revocation?: StoreWord;
}

export interface CachedOptions {
  readonly cache: StoreWord;
  readonly store: StoreWord;
}

export interface ReplicatedOptions {
  readonly primary: StoreWord;
  readonly secondary: StoreWord;
  readonly mode?: "async" | "sync" | "acknowledged";
  readonly failover?: "read" | "write";
  readonly retry?: number;
}

export interface CustomOptions {
  readonly find?: boolean;
  readonly list?: boolean;
  readonly sweep?: boolean;
}

/** A backend that keeps records itself, rather than giving them to the client. */
export type StoreWord = BackendWord<
  "memory" | "cache" | "redis" | "database" | "file" | "cached" | "replicated" | "custom"
>;

/** A backend where the client carries the session. */
export type SealWord = BackendWord<"cookie" | "jwt">;

function word<Name extends string>(backend: Name, options: object): BackendWord<Name> {
  return Object.freeze({ backend, options: Object.freeze({ ...options }) });
}
